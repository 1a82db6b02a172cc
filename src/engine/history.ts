import { decay, type Purchases } from './purchases.ts'
import { type Sparse, sparseBuilder } from './sparse.ts'

/** When a customer last bought each item, epoch ms; items ascending. */
export type LastBought = {
  item: Int32Array
  at: Float64Array
  /** 0.5^(age / half-life), once asked for. */
  recency?: Float64Array
}

export const NOTHING: LastBought = { item: new Int32Array(0), at: new Float64Array(0) }

/**
 * How much each customer buys each item: ln(1 + sum over purchases of 0.5^(age / half-life)).
 * @returns customers x items; of the same entries how often it was bought, by the other half-life: sum of 0.5^(age / half-life); and when
 * each was bought last
 */
export function histories(
  { customers, items, orderStart, placedAt, lineStart, line }: Purchases,
  asOf: number,
  { halfLifeDays, repeatHalfLifeDays }: { halfLifeDays: number; repeatHalfLifeDays: number },
): { weights: Sparse; repeats: Float64Array; lastBought: LastBought[] } {
  const recency = new Float64Array(items.length)
  const repeat = new Float64Array(items.length)
  const latest = new Float64Array(items.length)
  const repeats: number[] = []
  const built = sparseBuilder(items.length)
  const lastBought: LastBought[] = []
  for (let customer = 0; customer < customers.length; customer++) {
    const met: number[] = []
    for (let order = orderStart[customer]!; order < orderStart[customer + 1]!; order++) {
      const weight = decay(asOf, placedAt[order]!, halfLifeDays)
      const again = decay(asOf, placedAt[order]!, repeatHalfLifeDays)
      for (let at = lineStart[order]!; at < lineStart[order + 1]!; at++) {
        const item = line[at]!
        if (recency[item] === 0) met.push(item)
        recency[item]! += weight
        repeat[item]! += again
        latest[item] = placedAt[order]!
      }
    }
    const item = Int32Array.from(met).sort()
    for (const one of item) {
      built.add(one, Math.log1p(recency[one]!))
      repeats.push(repeat[one]!)
    }
    built.endRow()
    lastBought.push({ item, at: Float64Array.from(item, (one) => latest[one]!) })
    for (const one of met) recency[one] = repeat[one] = 0
  }
  return { weights: built.done(), repeats: Float64Array.from(repeats), lastBought }
}
