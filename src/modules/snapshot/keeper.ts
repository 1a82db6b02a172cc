import { createPubSub } from '@graphql-yoga/subscription'
import type { RecommendationService } from '../recommendation/recommendation.service.ts'
import { createQueue } from './queue.ts'
import type { Claim, SnapshotService } from './snapshot.service.ts'

const PAGE = 100
/** Changes that no event tells of (views, responses, products) are looked for this often. */
const SWEEP_MS = 30_000
const AFTER_FAILURE_MS = 1_000

export type Keeper = ReturnType<typeof startKeeper>
type Parts = {
  snapshots: SnapshotService
  recommendation: Pick<RecommendationService, 'toKeep'>
  /** False: nothing is kept, only told to those who watch. */
  keeps: boolean
  onError: (error: unknown) => void
}

/**
 * Computes offers in the background, a customer at a time: first whom somebody waits for, then who bought something, then everybody
 * whose offers the active model does not have, or has as they no longer are.
 */
export function startKeeper({ snapshots, recommendation, keeps, onError }: Parts) {
  const queue = createQueue()
  const watched = new Map<string, number>()
  const told = createPubSub<Record<string, [payload: { customerId: string }]>>()
  let stopped = false
  let claim: Claim | null = null
  let due = keeps
  let wake = () => {}

  async function* sweep(): AsyncGenerator<string> {
    claim = await snapshots.claim()
    const { model } = claim ?? {}
    if (!claim?.mine) return
    const { customers, stale } = await snapshots.count(claim)
    let done = customers - stale
    let after = ''
    for (
      let page = await snapshots.stale(claim, after, PAGE);
      page.length > 0;
      page = await snapshots.stale(claim, after, PAGE)
    ) {
      await snapshots.noteProgress(claim, done / customers)
      yield* page
      done += page.length
      after = page.at(-1)!
      claim = await snapshots.claim()
      if (!claim?.mine || claim.model !== model) return
    }
    await snapshots.noteProgress(claim, 1)
  }

  async function keep(customerId: string): Promise<void> {
    if (keeps) {
      claim ??= await snapshots.claim()
      const found = claim && (await recommendation.toKeep(customerId, claim.model))
      if (claim && found) await snapshots.write(claim, customerId, found.mark, found.offers)
    }
    if (watched.has(customerId)) told.publish(customerId, { customerId })
  }

  async function run(): Promise<void> {
    let failing = false
    let sweeping: AsyncGenerator<string> | null = null
    while (!stopped) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      try {
        let next = queue.take()
        if (next === undefined && due) {
          due = false
          sweeping ??= sweep()
        }
        if (next === undefined && sweeping) {
          const swept: IteratorResult<string> = await sweeping.next()
          if (swept.done) sweeping = null
          else next = swept.value
        }
        if (next !== undefined) await keep(next)
        else if (!due && !sweeping) await woken
        failing = false
      } catch (error) {
        if (!failing) onError(error)
        failing = true
        sweeping = null
        claim = null
        due = keeps
        const timer = setTimeout(wake, AFTER_FAILURE_MS)
        await woken
        clearTimeout(timer)
      }
    }
  }
  const sweepAgain = () => {
    due = keeps
    wake()
  }
  const timer = setInterval(sweepAgain, SWEEP_MS)
  const running = run()

  return {
    /** Something about this customer has changed. */
    changed(customerId: string): void {
      const watching = watched.has(customerId)
      if (!watching && !claim?.mine) return
      queue.add(customerId, watching)
      wake()
    },

    /** Somebody asked for offers that were kept and are not as they are now. */
    wanted(customerId: string): void {
      if (!keeps) return
      queue.add(customerId, true)
      wake()
    },

    /** Another model answers. */
    activated(): void {
      claim = null
      for (const customerId of watched.keys()) queue.add(customerId, true)
      sweepAgain()
    },

    /** Tells each time a customer's offers have been computed anew. */
    watch(customerId: string): AsyncIterableIterator<{ customerId: string }> {
      watched.set(customerId, (watched.get(customerId) ?? 0) + 1)
      const events = told.subscribe(customerId) as AsyncIterableIterator<{ customerId: string }>
      let ended = false
      return {
        next: () => events.next(),
        return: async (value) => {
          const left = watched.get(customerId)! - 1
          if (!ended && left === 0) watched.delete(customerId)
          else if (!ended) watched.set(customerId, left)
          ended = true
          return (await events.return?.()) ?? { done: true, value }
        },
        [Symbol.asyncIterator]() {
          return this
        },
      }
    },

    depth: queue.depth,
    age: queue.age,

    async stop(): Promise<void> {
      stopped = true
      clearInterval(timer)
      wake()
      await running
    },
  }
}
