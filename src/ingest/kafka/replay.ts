import { DEAD_LETTERS, ensureTopics, type KafkaSettings, quietly } from './client.ts'
import { createProducer, foreignHeaders, letterOf, sendAll } from './dead-letters.ts'
import { TOPIC_NAMES } from './messages.ts'
import { openSession, type Received } from './session.ts'

export type ReplayOptions = {
  /** Only what came from this topic, without its prefix; only what was refused with this code. */
  topic?: string | undefined
  code?: string | undefined
  /** Counts, and changes nothing. */
  dryRun?: boolean
  onProgress?: (read: number, share: number) => void
}
export type Replayed = {
  /** By topic, without its prefix. */
  replayed: Record<string, number>
  /** What another topic or code had to stay for: it stands at the end of the dead letters now. */
  kept: number
  /** What this service did not put there; it is passed over. */
  foreign: number
}

/**
 * Puts the dead letters that are there now back where they came from, each once: a consumer group of its own remembers which. (Killed
 * in mid-batch it sends up to a batch again; the services count it once.)
 */
export async function replay(
  settings: KafkaSettings,
  { topic: wantedTopic, code: wantedCode, dryRun = false, onProgress = () => {} }: ReplayOptions = {},
): Promise<Replayed> {
  const topic = settings.prefix + DEAD_LETTERS
  const origins = new Map(TOPIC_NAMES.map((name) => [settings.prefix + name, name as string]))
  await ensureTopics(settings)
  const session = await openSession({ ...settings, group: `${settings.group}-replay` }, [topic])
  const producer = createProducer(settings)
  const result: Replayed = { replayed: {}, kept: 0, foreign: 0 }

  /** What becomes of one: the message to send, or null. */
  function judge(message: Received) {
    const letter = letterOf(message)
    const name = letter && origins.get(letter.topic)
    if (!letter || !name) {
      result.foreign++
      return null
    }
    const { key, value, headers } = message
    if ((wantedTopic && name !== wantedTopic) || (wantedCode && letter.code !== wantedCode)) {
      result.kept++
      return { topic, key, value, headers: new Map(headers) }
    }
    result.replayed[name] = (result.replayed[name] ?? 0) + 1
    // To the partition it had: its key may be another's hash there.
    return { topic: letter.topic, partition: letter.partition, key, value, headers: new Map(foreignHeaders(message)) }
  }

  try {
    await session.refresh()
    const ends = new Map(session.reached(topic).map(({ partition, end }) => [partition, end]))
    const isOpen = ({ partition, next }: { partition: number; next: bigint }) => next < (ends.get(partition) ?? 0n)
    const total = session.lag(topic)
    for (let read = 0; session.reached(topic).some(isOpen); ) {
      // What is put at the end meanwhile is for the next time.
      const fetched = await session.fetch(new Set([topic]))
      const received = fetched.filter(({ partition, offset }) => offset < (ends.get(partition) ?? 0n))
      if (session.moved || session.ended.aborted)
        throw new Error('Interrupted: is another replay running? Run it again.')
      const outgoing = received.map(judge).filter((message) => message !== null)
      if (!dryRun) {
        await sendAll(producer, outgoing)
        await session.commit(
          received.map(({ partition, offset }) => ({ topic, partition, offset: offset + 1n })).filter(isLast),
        )
      }
      read += received.length
      onProgress(read, total > 0 ? read / total : 1)
    }
    return result
  } finally {
    await quietly(producer.close())
    await session.close()
  }
}

/** Of the positions of a partition, which rise. */
const isLast = ({ partition }: { partition: number }, at: number, all: readonly { partition: number }[]) =>
  !all.slice(at + 1).some((later) => later.partition === partition)
