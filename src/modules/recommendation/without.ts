import { setImmediate } from 'node:timers/promises'
import type { Weights } from '../model/parameters.ts'
import { type Loaded, type Question, rankAll, toStart } from './ranker.ts'
import { scores } from './ranking.ts'

/** What leads from a customer: an own product, a group they belong to, a campaign they responded to. */
export type Cause = { what: 'own' | 'groups' | 'campaigns'; id: string }
export type Doubt = {
  question: Omit<Question, 'first' | 'rankOf'>
  productId: string
  /** It is recommended within the first so many. */
  within: number
  causes: Cause[]
  /** What counts for a customer who has nothing left. */
  newcomer: { weights: Weights; trendPower: number }
}
export type Decided = {
  /** Without this one it leaves the first ones, or enters them: of several the one that moves it furthest. Null: no single one decides. */
  cause: Cause | null
  /** Its rank then; null where it would not be offered. */
  rank: number | null
  /** How many were tried: all, or those that matter most. */
  tried: number
}

/** Rankings made anew for one doubt, some milliseconds each. */
const MOST_TRIED = 50

/** Ranks everything again without each cause in turn, as if the customer were asked about without it. */
export async function withoutOne(trained: Loaded, doubt: Doubt): Promise<Decided> {
  const { question, productId, within } = doubt
  const item = trained.world.itemAt.get(productId)
  if (item === undefined) return { cause: null, rank: null, tried: 0 }
  const now = rankAll(trained, question)
  const isIn = (rank: number | null) => rank !== null && rank <= within
  const inside = isIn(now.rank(item))
  const causes = strongest(trained, doubt, item, now.best(within + 1).at(inside ? within : within - 1)?.item, inside)
  const place = (rank: number | null) => rank ?? Number.POSITIVE_INFINITY
  let decided: Decided = { cause: null, rank: null, tried: causes.length }
  for (const cause of causes) {
    // Others are ranked in between.
    await setImmediate()
    const rank = rankAll(trained, without(doubt, cause)).rank(item)
    if (isIn(rank) === inside) continue
    const further = inside ? place(rank) > place(decided.rank) : place(rank) < place(decided.rank)
    if (decided.cause === null || further) decided = { ...decided, cause, rank }
  }
  return decided
}

/** The question as it were without one cause. What was also looked at is still seen; what is not owned may be offered. */
function without({ question, newcomer }: Doubt, { what, id }: Cause): Question {
  const [pass] = question.passes as [Question['passes'][number]]
  const start = { ...pass.start }
  if (what === 'own')
    start.own = start.own.flatMap((one) => {
      if (one.id !== id) return [one]
      return one.times > 0 && one.viewed ? [{ id, times: 0, repeat: 0, viewed: null, ...one.viewed }] : []
    })
  else start[what] = start[what].filter((one) => one !== id)
  const counts = start.own.length === 0 ? newcomer : { weights: pass.weights, trendPower: question.trendPower }
  return {
    ...question,
    first: 0,
    passes: [{ start, weights: counts.weights }],
    trendPower: counts.trendPower,
    exclude: what === 'own' ? question.exclude.filter((one) => one !== id) : question.exclude,
  }
}

/** All causes, or of many those that do most for this item over the one it competes with (or least, for one outside). */
function strongest(trained: Loaded, doubt: Doubt, item: number, rival: number | undefined, inside: boolean): Cause[] {
  const { causes, question } = doubt
  if (causes.length <= MOST_TRIED) return causes
  const [{ start, weights }] = question.passes as [Question['passes'][number]]
  const alone = { customerId: null, groups: [], campaigns: [] }
  const does = new Map<string, number>()
  for (const own of start.own) {
    const pass = { start: { ...toStart(trained.world, { ...alone, own: [own] }), basket: false }, weights }
    const totals = scores(trained, [pass], question.trendPower)
    does.set(own.id, totals[item]! - (rival === undefined ? 0 : totals[rival]!))
  }
  const of = ({ what, id }: Cause) => (what === 'own' ? (does.get(id) ?? 0) : 0) * (inside ? -1 : 1)
  return [...causes].sort((a, b) => of(a) - of(b)).slice(0, MOST_TRIED)
}
