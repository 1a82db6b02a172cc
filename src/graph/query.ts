import path from 'node:path'
import {
  type Driver,
  isRetriableError,
  type ManagedTransaction,
  Neo4jError,
  type Session,
  type SessionConfig,
} from 'neo4j-driver'
import { DomainError } from '../errors.ts'
import type { CypherQueries } from '../generated/cypher.ts'
import { PROJECT_ROOT } from '../root.ts'
import { decodeRecord, encodeParams } from './codec.ts'
import { readStatements, type Statement } from './statement.ts'

export type StatementName = keyof CypherQueries
export type Params<K extends StatementName> = CypherQueries[K]['params']
export type Row<K extends StatementName> = CypherQueries[K]['record']
/** All rows for `many`; for `one` the row, or null when there is none. */
export type Answer<K extends StatementName> = CypherQueries[K]['many'] extends true ? Row<K>[] : Row<K> | null

export type Observation = { statement: string; seconds: number; rows: number; outcome: 'ok' | 'error' }
export type QueryOptions = { signal?: AbortSignal | undefined; timeoutMs?: number | undefined }
export type Transaction = { query<K extends StatementName>(name: K, params: Params<K>): Promise<Answer<K>> }

export type Graph = Transaction & {
  query<K extends StatementName>(name: K, params: Params<K>, options?: QueryOptions): Promise<Answer<K>>
  /** Several statements, all or nothing. The work may run again after a transient failure: no side effects inside. */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: QueryOptions): Promise<T>
  /** Rejects while the database can't be reached. */
  ping(): Promise<void>
}

export const STATEMENTS: ReadonlyMap<string, Statement> = readStatements(path.join(PROJECT_ROOT, 'cypher'))
const DEFAULT_TIMEOUT_MS = 30_000

export function createGraph(
  driver: Driver,
  options: { database?: string | undefined; observe?: (observation: Observation) => void } = {},
): Graph {
  const sessionConfig: SessionConfig = {
    // One manager for all sessions: whoever writes and then reads sees the write.
    bookmarkManager: driver.executeQueryBookmarkManager,
    ...(options.database ? { database: options.database } : {}),
  }

  async function run(name: string, params: object, runner: Pick<ManagedTransaction, 'run'>) {
    const statement = statementNamed(name)
    const started = performance.now()
    let rows = 0
    let outcome: Observation['outcome'] = 'error'
    try {
      const encoded = encodeParams(name, statement.params, params as Record<string, unknown>)
      const { records } = await runner.run(statement.text, encoded)
      rows = records.length
      const decoded = records.map((record) => decodeRecord(name, statement.returns, (key) => record.get(key)))
      outcome = 'ok'
      if (statement.cardinality === 'many') return decoded
      if (rows > 1) throw new Error(`${name} is declared to answer one row and answered ${rows}`)
      return decoded[0] ?? null
    } finally {
      options.observe?.({ statement: name, seconds: (performance.now() - started) / 1000, rows, outcome })
    }
  }

  async function withSession<T>({ signal }: QueryOptions, work: (session: Session) => Promise<T>): Promise<T> {
    signal?.throwIfAborted()
    const session = driver.session(sessionConfig)
    // Closing a session rolls its open transaction back: an aborted request does not go on in the database.
    const abort = () => void session.close().catch(() => {})
    signal?.addEventListener('abort', abort, { once: true })
    try {
      return await work(session)
    } catch (error) {
      throw translate(error, signal)
    } finally {
      signal?.removeEventListener('abort', abort)
      await session.close().catch(() => {})
    }
  }

  return {
    query: ((name: string, params: object, queryOptions: QueryOptions = {}) =>
      withSession(queryOptions, (session) => {
        const { access, auto } = statementNamed(name)
        if (auto) return run(name, params, session)
        const config = { timeout: queryOptions.timeoutMs ?? DEFAULT_TIMEOUT_MS }
        const work = (tx: ManagedTransaction) => run(name, params, tx)
        return access === 'read' ? session.executeRead(work, config) : session.executeWrite(work, config)
      })) as Graph['query'],
    transaction: (work, queryOptions = {}) =>
      withSession(queryOptions, (session) =>
        session.executeWrite(
          (tx) => work({ query: ((name: string, params: object) => run(name, params, tx)) as Transaction['query'] }),
          { timeout: queryOptions.timeoutMs ?? DEFAULT_TIMEOUT_MS },
        ),
      ),
    ping: async () => {
      await driver.verifyConnectivity(options.database ? { database: options.database } : {})
    },
  }
}

function statementNamed(name: string): Statement {
  const statement = STATEMENTS.get(name)
  if (!statement) throw new Error(`There is no cypher/${name}.cypher`)
  return statement
}

/** The one door's mapping of what the database says to what a caller may hear. */
function translate(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason
  if (!(error instanceof Neo4jError)) return error
  if (error.code === 'Neo.ClientError.Schema.ConstraintValidationFailed') {
    return new DomainError(
      'CONFLICT',
      'Something with this key was written at the same moment. Try again.',
      {},
      { cause: error },
    )
  }
  const timedOut = error.code.includes('TransactionTimedOut') || error.code.includes('LockClientStopped')
  if (timedOut || isRetriableError(error) || error.code === 'ServiceUnavailable') {
    return new DomainError('UNAVAILABLE', 'The graph cannot answer right now. Try again shortly.', {}, { cause: error })
  }
  return error
}
