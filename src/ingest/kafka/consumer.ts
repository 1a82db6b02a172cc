import { type Breaker, createBreaker } from '../../observability/breaker.ts'
import { ensureTopics, type KafkaSettings, pause, within } from './client.ts'
import { createDeadLetters } from './dead-letters.ts'
import { createLane, type Lane, type LaneMetrics } from './lane.ts'
import { openSession, type Session } from './session.ts'
import { type Services, topicsOf } from './topics.ts'

export type KafkaConsumer = {
  /** `lag`: of all topics together, null while Kafka is away. `rejected`: dead letters since the start. */
  readonly status: { state: 'ok' | 'away'; lag: number | null; rejected: number }
  /** Messages that wait, of the partitions this instance has. Null while Kafka is away. */
  lag(topic: string): number | null
  /** Finishes the batches under way, commits them and leaves the group. */
  stop(): Promise<void>
}
type Parts = {
  settings: KafkaSettings
  services: Services
  metrics: LaneMetrics
  /** Hears when Kafka goes away and comes back. */
  breaker?: Breaker
  onError(error: unknown): void
}

const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 10_000
/** A batch ends within the limits of a transaction; a stop does not wait as long. */
const STOP_MS = 8_000
/** All topics have as much in hand as they may. */
const IDLE_MS = 50

/** Reads the topics for as long as the service runs, whatever becomes of Kafka. Never fails. */
export function startConsumer({
  settings,
  services,
  metrics,
  breaker = createBreaker(),
  onError,
}: Parts): KafkaConsumer {
  let rejected = 0
  const refused: LaneMetrics['refused'] = (topic, code) => {
    rejected++
    metrics.refused(topic, code)
  }
  const lanes = topicsOf(services).map((topic) => createLane({ topic, metrics: { ...metrics, refused }, onError }))
  const nameOf = ({ topic }: Lane) => settings.prefix + topic
  const stopping = new AbortController()
  let session: Session | null = null

  async function run(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      try {
        await ensureTopics(settings)
        session = await openSession(settings, lanes.map(nameOf))
        await serve(session, () => {
          attempt = 0
          breaker.worked()
        })
      } catch (error) {
        if (!stopping.signal.aborted) breaker.failed(session?.ended.aborted ? session.ended.reason : error)
      } finally {
        await session?.close()
        session = null
        for (const lane of lanes) lane.forget()
      }
      await pause(Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS), stopping.signal)
    }
  }

  /** @throws why this membership is over, unless the service stops. All batches have ended then, one way or the other. */
  async function serve(session: Session, onAnswer: () => void): Promise<void> {
    const letters = createDeadLetters(settings)
    const over = AbortSignal.any([stopping.signal, session.ended])
    const busy = new Map<Lane, Promise<void>>()
    /** Batches under way give up waiting for the graph once their partitions may be another's. */
    let moving = new AbortController()
    // One for many batches: Node 20 keeps each that is made of signals that stay.
    let halt = AbortSignal.any([over, moving.signal])
    session.onMoved(() => moving.abort(new Error('The partitions are divided anew')))

    const begin = (lane: Lane) => {
      if (over.aborted || session.moved || lane.idle || busy.has(lane)) return
      const signal = halt
      const work = lane
        .work({ signal, commit: session.commit, bury: letters.send })
        .catch((error) => {
          if (!signal.aborted) session.fail(error)
        })
        .finally(() => {
          busy.delete(lane)
          begin(lane)
        })
      busy.set(lane, work)
    }

    try {
      while (!over.aborted) {
        if (session.moved) {
          await Promise.all(busy.values())
          for (const lane of lanes) lane.forget()
          moving = new AbortController()
          halt = AbortSignal.any([over, moving.signal])
          await session.refresh()
          onAnswer()
        }
        const hungry = lanes.filter((lane) => lane.hasRoom() && session.holds(nameOf(lane)))
        if (hungry.length === 0) {
          await pause(IDLE_MS, over)
          continue
        }
        const received = await session.fetch(new Set(hungry.map(nameOf)))
        onAnswer()
        // What belongs to a membership that is over comes again.
        if (session.moved) continue
        for (const lane of hungry) lane.push(received.filter(({ topic }) => topic === nameOf(lane)))
        lanes.forEach(begin)
      }
    } finally {
      await Promise.all(busy.values())
      await letters.close()
    }
    if (!stopping.signal.aborted) throw session.ended.reason
  }

  const running = run()
  return {
    get status(): KafkaConsumer['status'] {
      if (breaker.away || session === null) return { state: 'away', lag: null, rejected }
      const lag = lanes.reduce((sum, lane) => sum + session!.lag(nameOf(lane)), 0)
      return { state: 'ok', lag, rejected }
    },
    lag: (topic) => session?.lag(settings.prefix + topic) ?? null,
    stop: async () => {
      stopping.abort(new Error('The service stops'))
      await within(STOP_MS, running).catch(() => {})
    },
  }
}
