import { largest } from '../../engine/sparse.ts'
import type { Parameters } from '../model/parameters.ts'
import type { Measures } from './kinds/measure.ts'
import type { BoostInput, OfferFilter } from './recommendation.type.ts'

/** What boosts and diversity make of a score, as factors: 1 changes nothing. */
export type Adjustment = { boost: number; diversity: number }

type Facts = { id: string; brand: string | null; categoryIds: readonly string[] }

/** Scores with boosts and diversity taken in. */
export function adjust(
  trained: { measures: Measures; parameters: Parameters; facts?: readonly Facts[] },
  totals: Float64Array,
  { boosts, diversity }: Pick<OfferFilter, 'boosts' | 'diversity'>,
) {
  const { measures, facts, parameters } = trained
  const candidates = positive(totals, measures.catalogue)
  const boost = (item: number) =>
    boosts?.reduce((product, one) => (applies(one, facts![item]!) ? product * one.factor : product), 1) ?? 1
  const { smooth, power } = parameters.diversity
  const diverse = (item: number) =>
    diversity ? (smooth / (smooth + measures.customers[item]!)) ** (power * diversity) : 1
  const adjusted = totals.slice()
  if (boosts?.length || diversity) for (const item of candidates) adjusted[item]! *= boost(item) * diverse(item)
  const of = (item: number): Adjustment => ({ boost: boost(item), diversity: diverse(item) })

  return {
    /** The best with a score above 0; of equals the lower index first. */
    best: (first: number): ({ item: number } & Adjustment)[] =>
      largest(adjusted, candidates, first)
        .filter((item) => adjusted[item]! > 0)
        .map((item) => ({ item, ...of(item) })),
    of,
    /** 1 for the best; null for what scores nothing. */
    rank: (item: number): number | null => {
      const score = adjusted[item] ?? 0
      if (!(score > 0)) return null
      const better = (other: number) => adjusted[other]! > score || (adjusted[other] === score && other < item)
      return candidates.reduce((rank, other) => (better(other) ? rank + 1 : rank), 1)
    },
  }
}

/** Those of some items that score anything. */
const positive = (totals: Float64Array, items: Int32Array): Int32Array => items.filter((item) => totals[item]! > 0)

const applies = ({ productId, categoryId, brand }: BoostInput, facts: Facts): boolean =>
  (productId != null && productId === facts.id) ||
  (categoryId != null && facts.categoryIds.includes(categoryId)) ||
  (brand != null && brand === facts.brand)
