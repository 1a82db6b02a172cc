import { largest } from '../../engine/sparse.ts'
import type { Parameters } from '../model/parameters.ts'
import type { World } from './kinds/kind.ts'
import type { Measures } from './kinds/measure.ts'
import type { BoostInput, OfferFilter } from './recommendation.type.ts'

/** What boosts and diversity make of a score, as factors: 1 changes nothing. */
export type Adjustment = { boost: number; diversity: number }

type Facts = { id: string; brand: string | null; categoryIds: readonly string[] }
type Ranked = { item: number } & Adjustment

/** Candidates looked at for the places of a diverse list, at least. */
const POOL = 400

/** The best items with a positive total, boosts and diversity taken in; of equals the lower index first. */
export function adjust(
  trained: { world: World; measures: Measures; parameters: Parameters; facts?: readonly Facts[] },
  totals: Float64Array,
  { boosts, diversity }: Pick<OfferFilter, 'boosts' | 'diversity'>,
  first: number,
): Ranked[] {
  const { measures, facts, parameters } = trained
  const candidates = positive(totals, measures.catalogue)
  const boost = new Map<number, number>()
  const adjusted = totals.slice()
  for (const item of boosts?.length ? candidates : []) {
    const factor = boosts!.reduce((product, one) => (applies(one, facts![item]!) ? product * one.factor : product), 1)
    boost.set(item, factor)
    adjusted[item]! *= factor
  }
  const ranked = (item: number, diversity: number): Ranked => ({ item, boost: boost.get(item) ?? 1, diversity })
  if (!diversity)
    return largest(adjusted, candidates, first)
      .filter((item) => adjusted[item]! > 0)
      .map((item) => ranked(item, 1))

  const { smooth, power, sameType } = parameters.diversity
  const factors = new Map<number, number>()
  for (const item of candidates) {
    const factor = (smooth / (smooth + measures.customers[item]!)) ** (power * diversity)
    factors.set(item, factor)
    adjusted[item]! *= factor
  }
  const pool = largest(adjusted, candidates, Math.max(POOL, first))
  return oneByOne(pool, adjusted, trained.world.classOf, 1 - sameType * diversity, first).map(({ item, factor }) =>
    ranked(item, factors.get(item)! * factor),
  )
}

/** Takes the best, lowers what is left of its class, and so on. */
function oneByOne(pool: number[], adjusted: Float64Array, classOf: Int32Array, lowered: number, first: number) {
  const left = new Map(pool.map((item) => [item, adjusted[item]!]))
  const taken: { item: number; factor: number }[] = []
  while (taken.length < first && left.size > 0) {
    let best = -1
    for (const [item, score] of left) if (best === -1 || score > left.get(best)!) best = item
    if (!(left.get(best)! > 0)) break
    taken.push({ item: best, factor: left.get(best)! / adjusted[best]! })
    left.delete(best)
    if (classOf[best] === -1) continue
    for (const [item, score] of left) if (classOf[item] === classOf[best]) left.set(item, score * lowered)
  }
  return taken
}

/** Those of some items that score anything. */
export const positive = (totals: Float64Array, items: Int32Array): Int32Array =>
  items.filter((item) => totals[item]! > 0)

const applies = ({ productId, categoryId, brand }: BoostInput, facts: Facts): boolean =>
  (productId != null && productId === facts.id) ||
  (categoryId != null && facts.categoryIds.includes(categoryId)) ||
  (brand != null && brand === facts.brand)
