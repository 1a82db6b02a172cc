import type { Graph } from '../../graph/query.ts'
import type { History } from './response.ts'

/** Customers a statement, and statements at a time. */
const PAGE = 250
const AT_ONCE = 2
const DAY_MS = 86_400_000
/** Half-lives after which what was done counts less than a thousandth and is not looked at. */
const HALF_LIVES = 10

/** Of what campaign, and as of when: nothing at or after `before` counts, ages are measured from `asOf`. */
export type Moment = { campaignId: string; before: Date; asOf: Date; halfLifeDays: number; since?: Date }

/** What these customers had done, in their order; without those that are not there any more. */
export async function readHistories(
  graph: Graph,
  { since, ...moment }: Moment,
  customerIds: readonly string[],
  options: { signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<History[]> {
  const from = since ?? new Date(moment.asOf.getTime() - HALF_LIVES * moment.halfLifeDays * DAY_MS)
  const pages: History[][] = []
  let next = 0
  const readInTurn = async () => {
    while (next < customerIds.length) {
      const at = next
      next += PAGE
      const page = customerIds.slice(at, at + PAGE)
      pages[at / PAGE] = await graph.query('audience/history', { ...moment, since: from, customerIds: page }, options)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, readInTurn))
  return pages.flat()
}
