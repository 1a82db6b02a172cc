import { setImmediate } from 'node:timers/promises'
import type { Weights } from '../model/parameters.ts'
import { trendTo } from './kinds/measure.ts'
import type { Loaded, Question } from './ranker.ts'
import { counts } from './ranking.ts'
import type { Known } from './subjects.ts'

export type WhoQuestion = {
  model: Question['model']
  productId: string
  first: number
  /** As crossSell weighs for who has bought or looked at something, and for who has not. */
  weights: Record<'crossSell' | 'newcomer', { weights: Weights; trendPower: number }>
}
/** `total`: of everyone with a score above 0; the members are the first of them. */
export type Who = { total: number; members: { customerId: string; score: number }[] }

/** Rankings of others come in between. */
const AT_ONCE = 10

/** Everyone who does not own the product and has a path to it, by the score crossSell gives it; of equals by id. */
export async function whoFor(
  trained: Loaded,
  everyone: readonly Known[],
  { productId, first, weights }: Omit<WhoQuestion, 'model'>,
): Promise<Who> {
  const { world, measures, learned, parameters } = trained
  const item = world.itemAt.get(productId)
  if (item === undefined || !measures.offered[item]) return { total: 0, members: [] }
  const totals = new Float64Array(world.items.length)
  const found: Who['members'] = []
  for (const [at, { customerId, start, bought, newcomer }] of everyone.entries()) {
    if (at % AT_ONCE === 0) await setImmediate()
    const own = start.items.indexOf(item)
    if (own !== -1 && bought[own]) continue
    const by = newcomer ? weights.newcomer : weights.crossSell
    totals.fill(0)
    for (const { kind, score } of counts(by.weights)) {
      const known = learned.get(kind)
      if (known !== undefined) score(known, world, start, by.weights[kind]!, totals, parameters)
    }
    const score = totals[item]! * trendTo(measures, by.trendPower)[item]!
    if (score > 0) found.push({ customerId, score })
  }
  found.sort((a, b) => b.score - a.score || (a.customerId < b.customerId ? -1 : 1))
  return { total: found.length, members: found.slice(0, first) }
}
