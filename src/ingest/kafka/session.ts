import { once } from 'node:events'
import { Consumer } from '@platformatic/kafka'
import { clientOptions, idOf, type KafkaSettings, quietly, REPLY_MS, within } from './client.ts'

export type Received = {
  topic: string
  partition: number
  offset: bigint
  key: Buffer
  value: Buffer
  headers: [Buffer, Buffer][]
}
/** Where to go on reading: the offset after the last message that is done. */
export type Position = { topic: string; partition: number; offset: bigint }

type FetchResponse = Awaited<ReturnType<Consumer['fetch']>>
type Partition = { next: bigint; committed: bigint; end: bigint }

/** Sooner than the broker's default, so that the partitions of an instance that was killed are soon another's. */
const SESSION_MS = 10_000
const REBALANCE_MS = 15_000
const HEARTBEAT_MS = 1_000
/** How long the broker may hold an answer back when there is nothing new: topics that got room meanwhile wait as long. */
const WAIT_MS = 100
const FETCH_BYTES = 4_194_304
const PARTITION_BYTES = 1_048_576
const CONTROL = 0x20

export type Session = Awaited<ReturnType<typeof openSession>>

/**
 * One membership of the group, from joining to leaving. The client's own stream of messages is not used: it stores the offset of the
 * last message, where Kafka's tools expect the next one, and keeps messages of partitions that have gone to somebody else.
 */
export async function openSession(settings: KafkaSettings, topics: readonly string[]) {
  const consumer = new Consumer({
    ...clientOptions(settings),
    groupId: settings.group,
    sessionTimeout: SESSION_MS,
    rebalanceTimeout: REBALANCE_MS,
    heartbeatInterval: HEARTBEAT_MS,
    isolationLevel: 'READ_COMMITTED',
  })
  const ended = new AbortController()
  const fail = (error: unknown) => ended.abort(error)
  /** `steady`: reads what `held` says. `dividing`: the group gives out its partitions. `joined`: they are given out, and not read yet. */
  let state: 'steady' | 'dividing' | 'joined' = 'dividing'
  let onMoved = () => {}
  const become = (next: typeof state) => {
    state = next
    onMoved()
  }
  consumer.on('consumer:group:rebalance', () => become('dividing'))
  consumer.on('consumer:group:join', () => become('joined'))
  consumer.on('error', fail)
  consumer.on('consumer:heartbeat:error', ({ error }: { error: unknown }) => fail(error))
  let held = new Map<string, Map<number, Partition>>()
  const partitionOf = (topic: string, partition: number) => held.get(topic)?.get(partition)

  /** Learns what is this member's now and where its reading goes on. */
  async function refresh(): Promise<void> {
    if (state === 'dividing')
      await within(SESSION_MS + REBALANCE_MS, once(consumer, 'consumer:group:join', { signal: ended.signal }))
    state = 'steady'
    const mine = (consumer.assignments ?? []).filter(({ partitions }) => partitions.length > 0)
    const names = mine.map(({ topic }) => topic)
    const next = new Map<string, Map<number, Partition>>()
    if (mine.length > 0) {
      const [committed, first, end] = await within(
        REPLY_MS,
        Promise.all([
          consumer.listCommittedOffsets({ topics: mine }),
          consumer.listOffsets({ topics: names, timestamp: -2n }),
          consumer.listOffsets({ topics: names, isolationLevel: 'READ_COMMITTED' }),
        ]),
      )
      for (const { topic, partitions } of mine) {
        const positions = partitions.map((partition) => {
          const [low, high] = [first.get(topic)?.[partition] ?? 0n, end.get(topic)?.[partition] ?? 0n]
          const known = committed.get(topic)?.[partition] ?? -1n
          // Nothing committed yet, dropped by retention since, or a topic that was made anew.
          const at = known >= low && known <= high ? known : low
          return [partition, { next: at, committed: at, end: high }] as const
        })
        next.set(topic, new Map(positions))
      }
    }
    held = next
  }

  function take(response: FetchResponse, nameOf: Map<string, string>): Received[] {
    const received: Received[] = []
    for (const { topicId, partitions } of response.responses) {
      const topic = nameOf.get(topicId)!
      for (const { partitionIndex, lastStableOffset, records } of partitions) {
        const partition = partitionOf(topic, partitionIndex)
        if (!partition) continue
        partition.end = lastStableOffset
        for (const batch of records ?? []) {
          const isControl = (batch.attributes & CONTROL) !== 0
          for (const { offsetDelta, key, value, headers } of isControl ? [] : batch.records) {
            const offset = batch.firstOffset + BigInt(offsetDelta)
            // A batch is sent whole, even where it is read from its middle on.
            if (offset < partition.next) continue
            received.push({ topic, partition: partitionIndex, offset, key, value, headers: [...headers] })
          }
          partition.next = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n
        }
      }
    }
    return received
  }

  async function fetchFrom(wanted: ReadonlySet<string>): Promise<Received[]> {
    const metadata = await within(REPLY_MS, consumer.metadata({ topics: [...topics] }))
    const nameOf = new Map<string, string>()
    const byLeader = new Map<number, Parameters<typeof consumer.fetch>[0]['topics']>()
    for (const [name, partitions] of held) {
      const topic = metadata.topics.get(name)
      if (!wanted.has(name) || !topic) continue
      nameOf.set(topic.id, name)
      for (const [partition, { next }] of partitions) {
        const { leader } = topic.partitions[partition]!
        const asked = byLeader.get(leader) ?? []
        byLeader.set(leader, asked)
        const from = { partition, fetchOffset: next, currentLeaderEpoch: -1, lastFetchedEpoch: -1 }
        asked.push({ topicId: topic.id, partitions: [{ ...from, partitionMaxBytes: PARTITION_BYTES }] })
      }
    }
    const asked = [...byLeader].map(([node, topics]) =>
      consumer.fetch({ node, topics, maxWaitTime: WAIT_MS, minBytes: 1, maxBytes: FETCH_BYTES }),
    )
    const responses = await within(REPLY_MS + WAIT_MS, Promise.all(asked))
    return responses.flatMap((response) => take(response, nameOf))
  }

  for (const topic of topics) consumer.topics.track(topic)
  const close = () => quietly(new Promise<void>((resolve) => consumer.close(true, () => resolve())))
  try {
    await within(SESSION_MS + REBALANCE_MS, consumer.joinGroup({}))
  } catch (error) {
    await close()
    throw error
  }

  return {
    /** Fires when this membership is over; its reason says why. */
    ended: ended.signal,
    fail,
    /** Partitions may have come and gone: what was fetched before is to be forgotten, then `refresh` called. */
    get moved() {
      return state !== 'steady'
    },
    onMoved: (hear: () => void) => {
      onMoved = hear
    },
    refresh,
    /** What is new in these topics, in the order of each partition; none after a moment of nothing new. */
    fetch: fetchFrom,
    holds: (topic: string) => (held.get(topic)?.size ?? 0) > 0,
    /** How far each of this member's partitions was fetched, and where it ended when that was last asked. */
    reached: (topic: string) =>
      [...(held.get(topic) ?? [])].map(([partition, { next, end }]) => ({ partition, next, end })),
    /** Messages of this member's partitions that are not done yet. */
    lag: (topic: string): number =>
      [...(held.get(topic)?.values() ?? [])].reduce((sum, { committed, end }) => sum + Number(end - committed), 0),
    /** Does nothing once the partitions were given out anew: what is not theirs any more is not this member's to say. */
    commit: async (positions: readonly Position[]): Promise<void> => {
      if (state === 'joined') return
      try {
        await within(REPLY_MS, consumer.commit({ offsets: positions.map((one) => ({ ...one, leaderEpoch: -1 })) }))
      } catch (error) {
        if (idOf(error, 'REBALANCE_IN_PROGRESS') || idOf(error, 'UNKNOWN_MEMBER_ID')) return
        throw error
      }
      for (const { topic, partition, offset } of positions) {
        const known = partitionOf(topic, partition)
        if (known && known.committed < offset) known.committed = offset
      }
    },
    /** Leaves the group. */
    close,
  }
}
