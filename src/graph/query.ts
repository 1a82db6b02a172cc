import path from 'node:path'
import type { Driver, ManagedTransaction, QueryResult, SessionConfig } from 'neo4j-driver'
import type { CypherQueries } from '../generated/cypher.ts'
import type { Breaker } from '../observability/breaker.ts'
import { PROJECT_ROOT } from '../root.ts'
import { decoderOf, encodeParams } from './codec.ts'
import { createDoor, type DoorOptions, type Refusal } from './door.ts'
import type { Probe } from './driver.ts'
import { readStatements, type Statement } from './statement.ts'

export type StatementName = keyof CypherQueries
export type Params<K extends StatementName> = CypherQueries[K]['params']
export type Row<K extends StatementName> = CypherQueries[K]['record']
/** All rows for `many`; for `one` the row, or null when there is none. */
export type Answer<K extends StatementName> = CypherQueries[K]['many'] extends true ? Row<K>[] : Row<K> | null

export type Observation = { statement: string; seconds: number; rows: number; outcome: 'ok' | 'error' }
export type QueryOptions = DoorOptions
export type Transaction = { query<K extends StatementName>(name: K, params: Params<K>): Promise<Answer<K>> }

export type Graph = Transaction & {
  query<K extends StatementName>(name: K, params: Params<K>, options?: QueryOptions): Promise<Answer<K>>
  /** Several statements, all or nothing. The work may run again after a transient failure: no side effects inside. */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: QueryOptions): Promise<T>
  /** Several reads of one transaction: those started together go over the wire together, in one round trip. */
  read<T>(work: (tx: Transaction) => Promise<T>, options?: QueryOptions): Promise<T>
  /** Stands in for a driver where @neo4j/graphql wants one: its reads pass the same door. */
  generatedReads(signal: AbortSignal): Driver
  /** Rejects while the database can't be reached. */
  ping(): Promise<void>
}
export type GraphOptions = {
  database?: string | undefined
  observe?: (observation: Observation) => void
  /** Hears of every further attempt the statement that made it necessary; COMMIT when it was none of them. */
  retried?: (statement: string) => void
  breaker?: Breaker
  refused?: (why: Refusal, error?: unknown) => void
  probe?: Probe
  /** Hears of every session that is opened (1) and given back (-1). */
  inUse?: (change: 1 | -1) => void
}

export const STATEMENTS: ReadonlyMap<string, Statement> = readStatements(path.join(PROJECT_ROOT, 'cypher'))
const decodes = new Map([...STATEMENTS].map(([name, { returns }]) => [name, decoderOf(name, returns)]))
/** The name the generated reads are counted under. */
const GENERATED = 'generated'
const COMMIT = 'commit'
/** Of one transaction: its attempts, and which statement the last one failed at. */
type Attempts = { next(): void; failedAt(statement: string): void }

export function createGraph(driver: Driver, options: GraphOptions = {}): Graph {
  const sessionConfig: SessionConfig = {
    // One manager for all sessions: whoever writes and then reads sees the write.
    bookmarkManager: driver.executeQueryBookmarkManager,
    ...(options.database ? { database: options.database } : {}),
  }
  const door = createDoor(driver, sessionConfig, options)

  function countAttempts(): Attempts {
    let failed: string | null = null
    return {
      next: () => {
        if (failed !== null) options.retried?.(failed)
        failed = COMMIT
      },
      failedAt: (statement) => {
        failed = statement
      },
    }
  }

  async function run(name: string, params: object, runner: Pick<ManagedTransaction, 'run'>, attempts?: Attempts) {
    const statement = statementNamed(name)
    const started = performance.now()
    let rows = 0
    let outcome: Observation['outcome'] = 'error'
    try {
      const encoded = encodeParams(name, statement.params, params as Record<string, unknown>)
      const { records } = await runner.run(statement.text, encoded)
      rows = records.length
      const decoded = records.map((record) => decodes.get(name)!((key) => record.get(key)))
      outcome = 'ok'
      if (statement.cardinality === 'many') return decoded
      if (rows > 1) throw new Error(`${name} is declared to answer one row and answered ${rows}`)
      return decoded[0] ?? null
    } catch (error) {
      attempts?.failedAt(name)
      throw error
    } finally {
      options.observe?.({ statement: name, seconds: (performance.now() - started) / 1000, rows, outcome })
    }
  }

  async function runGenerated(work: (tx: ManagedTransaction) => Promise<QueryResult>, tx: ManagedTransaction) {
    const started = performance.now()
    let rows = 0
    let outcome: Observation['outcome'] = 'error'
    try {
      const result = await work(tx)
      rows = result.records.length
      outcome = 'ok'
      return result
    } finally {
      options.observe?.({ statement: GENERATED, seconds: (performance.now() - started) / 1000, rows, outcome })
    }
  }

  const inOne =
    (access: 'read' | 'write'): Graph['transaction'] =>
    (work, queryOptions) => {
      const attempts = countAttempts()
      const attempt = (tx: ManagedTransaction) => {
        attempts.next()
        return work({
          query: ((name: string, params: object) => run(name, params, tx, attempts)) as Transaction['query'],
        })
      }
      return door.managed(access, attempt, queryOptions)
    }

  return {
    query: ((name: string, params: object, queryOptions?: QueryOptions) => {
      const { access, auto } = statementNamed(name)
      if (auto) return door.autoCommit((session) => run(name, params, session), queryOptions)
      const attempts = countAttempts()
      const work = (tx: ManagedTransaction) => {
        attempts.next()
        return run(name, params, tx, attempts)
      }
      return door.managed(access, work, queryOptions)
    }) as Graph['query'],
    transaction: inOne('write'),
    read: inOne('read'),
    generatedReads: (signal) => {
      type Work = (tx: ManagedTransaction) => Promise<QueryResult>
      const session = {
        executeRead: (work: Work, { metadata }: { metadata?: object } = {}) =>
          door.managed('read', (tx) => runGenerated(work, tx), { signal, metadata }),
        close: async () => {},
      }
      const standIn = { session: () => session, executeQueryBookmarkManager: driver.executeQueryBookmarkManager }
      return standIn as unknown as Driver
    },
    ping: async () => {
      if (options.probe) await options.probe.check()
      else await driver.verifyConnectivity(options.database ? { database: options.database } : {})
      options.breaker?.worked()
    },
  }
}

function statementNamed(name: string): Statement {
  const statement = STATEMENTS.get(name)
  if (!statement) throw new Error(`There is no cypher/${name}.cypher`)
  return statement
}
