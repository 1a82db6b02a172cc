import { type Driver, type ManagedTransaction, Neo4jError, type Session, type SessionConfig } from 'neo4j-driver'
import { DomainError } from '../errors.ts'
import { type Breaker, createBreaker } from '../observability/breaker.ts'
import { LIMITS, type Probe } from './driver.ts'

export type DoorOptions = { signal?: AbortSignal | undefined; timeoutMs?: number | undefined }
/** Why a caller heard UNAVAILABLE: Neo4j could not be reached, all connections were busy, or the transaction was ended. */
export type Refusal = 'away' | 'busy' | 'ended'

export type Door = {
  /** One transaction, run again after a transient failure, never longer than LIMITS say. */
  managed<T>(
    access: 'read' | 'write',
    work: (tx: ManagedTransaction) => Promise<T>,
    options?: DoorOptions & { metadata?: object | undefined },
  ): Promise<T>
  /** For statements that commit as they go: no limit but the signal. */
  autoCommit<T>(work: (session: Session) => Promise<T>, options?: DoorOptions): Promise<T>
}

/** The one way to the database for all that answers requests: limits, cancellation and errors are decided here. */
export function createDoor(
  driver: Driver,
  sessionConfig: SessionConfig,
  {
    breaker = createBreaker(),
    refused = () => {},
    probe,
    inUse = () => {},
  }: {
    breaker?: Breaker | undefined
    refused?: ((why: Refusal, error?: unknown) => void) | undefined
    probe?: Pick<Probe, 'check'> | undefined
    inUse?: ((change: 1 | -1) => void) | undefined
  } = {},
): Door {
  async function open<T>(
    signal: AbortSignal | undefined,
    work: (session: Session, watch: Watch) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted()
    if (breaker.refuses()) {
      refused('away')
      throw unavailable()
    }
    const session = driver.session(sessionConfig)
    const watch = startWatch(signal, probe)
    inUse(1)
    try {
      const answer = await Promise.race([work(session, watch), watch.over])
      breaker.worked()
      watch.allow(LIMITS.acquireMs)
      await Promise.race([session.close(), watch.over]).catch(() => {})
      return answer
    } catch (error) {
      // Closing a session resets its connection, which ends the open transaction in the database. Not waited for: it may hang.
      void session.close().catch(() => {})
      if (signal?.aborted) throw signal.reason
      const why = refusalOf(error)
      if (!why) throw translate(error)
      refused(why, error)
      if (why === 'away') breaker.failed(error)
      throw unavailable(error)
    } finally {
      watch.end()
      inUse(-1)
    }
  }

  return {
    managed: (access, work, { signal, timeoutMs = LIMITS.transactionMs, metadata } = {}) =>
      open(signal, (session, watch) => {
        const config = { timeout: timeoutMs, ...(metadata ? { metadata } : {}) }
        watch.allow(LIMITS.reachMs)
        // Called once the transaction has begun, and again for every further attempt.
        const attempt = async (tx: ManagedTransaction) => {
          watch.allow(timeoutMs + LIMITS.graceMs)
          try {
            return await work(tx)
          } catch (error) {
            watch.allow(LIMITS.reachMs)
            throw error
          }
        }
        return access === 'read' ? session.executeRead(attempt, config) : session.executeWrite(attempt, config)
      }),
    autoCommit: (work, { signal } = {}) => open(signal, work),
  }
}

/** Its time is over. */
class Late extends Error {}

type Watch = {
  /** Rejects when the time allowed is over, Neo4j gives no sign of life or the signal fires. */
  over: Promise<never>
  allow(ms: number): void
  end(): void
}

function startWatch(signal: AbortSignal | undefined, probe: Pick<Probe, 'check'> | undefined): Watch {
  let fail!: (reason: unknown) => void
  const over = new Promise<never>((_, reject) => {
    fail = reject
  })
  over.catch(() => {})
  let timer: NodeJS.Timeout | undefined
  const abort = () => fail(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  // A Neo4j that hangs keeps its connections open: only by asking is it told from one that is at work.
  let misses = 0
  let ended = false
  let asking: NodeJS.Timeout | undefined
  const ask = async () => {
    misses = await probe!.check().then(
      () => 0,
      () => misses + 1,
    )
    if (misses >= LIMITS.aliveTries) fail(new Late('Neo4j gave no sign of life'))
    else if (!ended) asking = setTimeout(ask, misses > 0 ? 0 : LIMITS.aliveMs)
  }
  if (probe) asking = setTimeout(ask, LIMITS.aliveMs)
  return {
    over,
    allow: (ms) => {
      clearTimeout(timer)
      timer = setTimeout(() => fail(new Late(`Gave up after ${ms} ms`)), ms)
    },
    end: () => {
      ended = true
      clearTimeout(timer)
      clearTimeout(asking)
      signal?.removeEventListener('abort', abort)
    },
  }
}

function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Late) return 'away'
  if (!(error instanceof Neo4jError)) return null
  if (/acquisition timed out/.test(error.message)) return 'busy'
  if (/^(ServiceUnavailable|SessionExpired|ProtocolError)$/.test(error.code)) return 'away'
  const gone = /^Neo\.(TransientError|ClientError)\.(Database|Cluster|Security)\.|\.DatabaseUnavailable$/
  if (gone.test(error.code)) return 'away'
  const ended = /^Neo\.(ClientError|DatabaseError)\.Transaction\./
  return ended.test(error.code) || error.retryable ? 'ended' : null
}

const unavailable = (cause?: unknown) =>
  new DomainError('UNAVAILABLE', 'The graph cannot answer right now. Try again shortly.', {}, { cause })

function translate(error: unknown): unknown {
  if (error instanceof Neo4jError && error.code === 'Neo.ClientError.Schema.ConstraintValidationFailed') {
    const message = 'Something with this key was written at the same moment. Try again.'
    return new DomainError('CONFLICT', message, {}, { cause: error })
  }
  return error
}
