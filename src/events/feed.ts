import { badInput } from '../errors.ts'
import type { Graph } from '../graph/query.ts'
import { Queue } from './queue.ts'
import { type Bus, KEPT_SECONDS, type Topics } from './topics.ts'

/** What a subscriber is behind by at most; what is older is left out, and counted. */
const WAITING = 1_000
const PAGE = 500
/** Rows that are forgotten in one transaction. */
const FORGOTTEN = 10_000

type Told = Topics['interactionRecorded']
/** `dropped`: how many before this one were left out, for the subscriber was too slow. */
export type Delivery = { told: Told; cursor: string; dropped: number }
/** What a campaign's subscribers on this instance share. */
type Feed = { last: number; queues: Set<Queue<Told>>; held: Told[] | null; heard: AsyncIterableIterator<Told> }

export type Feeds = ReturnType<typeof createFeeds>

/**
 * What is told about a campaign, in order and without a gap: live from the bus, and from the graph, where it is kept for an hour,
 * for whoever comes back and whenever the bus was away. One reader a campaign and instance, however many listen.
 */
export function createFeeds(
  graph: Graph,
  bus: Pick<Bus, 'subscribe'>,
  { onError }: { onError: (error: unknown) => void },
) {
  const feeds = new Map<string, Promise<Feed>>()

  const read = (key: string, after: number) => graph.query('events/told', { key, after, limit: PAGE })
  const asTold = ({ number, payload }: { number: number; payload: unknown }) => ({ ...(payload as Told), number })

  function deliver(feed: Feed, told: Told): void {
    if (told.number <= feed.last) return
    feed.last = told.number
    for (const queue of feed.queues) queue.push(told)
  }

  async function open(key: string): Promise<Feed> {
    // Heard before it is asked how far it is: nothing is told in between.
    const heard = bus.subscribe('interactionRecorded', key)
    const { last } = (await graph.query('events/position', {}))!
    const feed: Feed = { last, queues: new Set(), held: null, heard }
    const listen = async () => {
      for await (const told of heard) feed.held ? feed.held.push(told) : deliver(feed, told)
    }
    listen().catch(onError)
    return feed
  }

  /** What the bus did not carry while it was away. */
  async function catchUp(key: string, feed: Feed): Promise<void> {
    if (feed.held) return
    feed.held = []
    try {
      for (let full = true; full; ) {
        const rows = await read(key, feed.last)
        full = rows.length === PAGE
        for (const row of rows) deliver(feed, asTold(row))
      }
    } finally {
      const { held } = feed
      feed.held = null
      for (const told of held) deliver(feed, told)
    }
  }

  async function join(key: string): Promise<Queue<Told>> {
    for (;;) {
      const opened = feeds.get(key) ?? open(key)
      feeds.set(key, opened)
      const feed = await opened.catch((error) => {
        feeds.delete(key)
        throw error
      })
      // Its last subscriber may have left while this one waited.
      if (feeds.get(key) !== opened) continue
      const queue = new Queue<Told>(WAITING, () => {
        feed.queues.delete(queue)
        if (feed.queues.size > 0) return
        feeds.delete(key)
        void feed.heard.return?.()
      })
      feed.queues.add(queue)
      return queue
    }
  }

  return {
    /** From now on, or what came after a cursor first. @throws BAD_USER_INPUT when that is no longer kept. */
    async follow(key: string, since: string | null): Promise<AsyncIterableIterator<Delivery>> {
      let last = since === null ? 0 : await checkedCursor(graph, since)
      let queue = since === null ? await join(key) : null
      let reading = since !== null
      let page: Told[] = []
      let ended = false
      const end = async () => {
        ended = true
        await queue?.return()
        return { done: true, value: undefined } as const
      }
      const delivered = (told: Told, dropped: number) => {
        last = told.number
        return { done: false, value: { told, cursor: String(told.number), dropped } } as const
      }
      const deliveries: AsyncIterableIterator<Delivery> = {
        async next() {
          while (!ended) {
            const told = page.shift()
            if (told) return delivered(told, 0)
            if (reading) {
              page = (await read(key, last)).map(asTold)
              // Joined only when it has caught up, or what waits would overflow; and read once more, for what was told until then.
              if (page.length < PAGE && queue) reading = false
              else if (page.length < PAGE) queue = await join(key)
              continue
            }
            const { done, value } = await queue!.next()
            if (done) break
            if (value.value.number > last) return delivered(value.value, value.dropped)
          }
          return end()
        },
        return: end,
        [Symbol.asyncIterator]: () => deliveries,
      }
      return deliveries
    },

    /** The bus carries again: whatever it did not is read from the graph. */
    resume(): void {
      for (const [key, opened] of feeds) opened.then((feed) => catchUp(key, feed)).catch(onError)
    },
  }
}

async function checkedCursor(graph: Graph, since: string): Promise<number> {
  const number = Number(since)
  const { last, forgotten } = (await graph.query('events/position', {}))!
  if (!/^\d{1,15}$/.test(since) || number > last)
    throw badInput('since', 'since is not the cursor of an activity that was told.')
  if (number < forgotten)
    throw badInput(
      'since',
      `What came after since is not known any more: it is kept for ${KEPT_SECONDS / 60} minutes. Subscribe without since.`,
    )
  return number
}

/** What was told longer ago than is kept. */
export async function forgetTold(graph: Graph): Promise<void> {
  for (let full = true; full; ) {
    const done = await graph.query('events/forget', { seconds: KEPT_SECONDS, limit: FORGOTTEN })
    full = done?.forgotten === FORGOTTEN
  }
}
