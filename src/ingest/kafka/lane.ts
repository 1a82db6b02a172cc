import { type BatchResult, MAX_ITEMS } from '../../batch.ts'
import { DomainError, type ErrorCode } from '../../errors.ts'
import { pause } from './client.ts'
import type { Refused } from './dead-letters.ts'
import { createPace } from './pace.ts'
import type { Position, Received } from './session.ts'
import type { Topic } from './topics.ts'

export type LaneMetrics = {
  batch(topic: string, seconds: number, result: { accepted: number; duplicates: number }): void
  refused(topic: string, code: string): void
  size(topic: string, messages: number): void
}
export type Way = {
  commit(positions: readonly Position[]): Promise<void>
  bury(refused: readonly Refused[]): Promise<void>
  /** Ends waiting for the graph: what is not written by then is read again by whoever comes next. */
  signal: AbortSignal
}
type Parts = { topic: Topic; metrics: LaneMetrics; onError(error: unknown): void }
export type Lane = ReturnType<typeof createLane>

const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 5_000
const TRIES = 3
const BUFFER_BYTES = 4_194_304

/** The messages of one topic, written one batch after the other in the order they came. */
export function createLane({ topic, metrics, onError }: Parts) {
  const pace = createPace({ max: MAX_ITEMS })
  let waiting: Received[] = []
  let bytes = 0

  function next(): Received[] {
    const batch = waiting.slice(0, pace.size)
    waiting = waiting.slice(pace.size)
    bytes -= sizeOf(batch)
    return batch
  }

  /** @throws the signal's reason when it fires while the graph is away: nothing of the rest was written. */
  async function write(messages: Received[], items: unknown[], way: Way): Promise<Written> {
    for (let attempt = 0; ; attempt++) {
      way.signal.throwIfAborted()
      try {
        const { accepted, duplicates, rejected } = await topic.write(items)
        const refused = rejected.map(({ index, code, message }) => ({
          message: messages[index]!,
          code,
          reason: message,
        }))
        return { accepted, duplicates, refused }
      } catch (error) {
        const away = error instanceof DomainError && error.code === 'UNAVAILABLE'
        const tried = attempt >= TRIES - 1
        // One of them breaks the whole, or all are too much for one transaction: the halves, in their order.
        if (messages.length > 1 && (!away || tried)) return writeHalves(messages, items, way)
        if (!away) onError(error)
        // Not at once: where the fault is not the message's but the graph's, few of them are buried before somebody looks.
        if (!away && tried)
          return { accepted: 0, duplicates: 0, refused: [{ message: messages[0]!, ...explain(error) }] }
        await pause(Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS), way.signal)
      }
    }
  }

  async function writeHalves(messages: Received[], items: unknown[], way: Way): Promise<Written> {
    const half = messages.length >> 1
    const first = await write(messages.slice(0, half), items.slice(0, half), way)
    const second = await write(messages.slice(half), items.slice(half), way)
    return {
      accepted: first.accepted + second.accepted,
      duplicates: first.duplicates + second.duplicates,
      refused: [...first.refused, ...second.refused],
    }
  }

  async function carryOut(batch: Received[], way: Way): Promise<void> {
    const started = performance.now()
    const refused: Refused[] = []
    const messages: Received[] = []
    const items: unknown[] = []
    for (const message of batch) {
      try {
        items.push(topic.parse(message.value))
        messages.push(message)
      } catch (error) {
        refused.push({ message, ...explain(error) })
      }
    }
    const none: Written = { accepted: 0, duplicates: 0, refused: [] }
    const written = items.length > 0 ? await write(messages, items, way) : none
    refused.push(...written.refused)
    await way.bury(refused)
    await way.commit(positionsAfter(batch))

    const seconds = (performance.now() - started) / 1_000
    pace.note(batch.length, seconds)
    metrics.batch(topic.name, seconds, written)
    metrics.size(topic.name, pace.size)
    for (const { code } of refused) metrics.refused(topic.name, code)
  }

  return {
    topic: topic.name,
    hasRoom: () => waiting.length < 2 * pace.size && bytes < BUFFER_BYTES,
    get idle() {
      return waiting.length === 0
    },
    push: (messages: readonly Received[]) => {
      waiting.push(...messages)
      bytes += sizeOf(messages)
    },
    forget: () => {
      waiting = []
      bytes = 0
    },
    /** Writes the next batch, buries what was refused, and only then says that it is done. */
    work: (way: Way) => carryOut(next(), way),
  }
}

type Written = Pick<BatchResult, 'accepted' | 'duplicates'> & { refused: Refused[] }

const sizeOf = (messages: readonly Received[]) => messages.reduce((sum, { value }) => sum + value.length, 0)

function explain(error: unknown): { code: ErrorCode; reason: string } {
  if (!(error instanceof DomainError)) return { code: 'INTERNAL', reason: 'Something went wrong on our side.' }
  return { code: error.code, reason: error.message }
}

function positionsAfter(batch: readonly Received[]): Position[] {
  const last = new Map<string, Position>()
  for (const { topic, partition, offset } of batch)
    last.set(`${topic}:${partition}`, { topic, partition, offset: offset + 1n })
  return [...last.values()]
}
