import type { LastBought } from './history.ts'
import { DAY_MS, decay, type Purchases } from './purchases.ts'

/**
 * How much each item is bought by some customers: the sum over them of 0.5^(days since each bought it last / half-life), and how many
 * ever did.
 */
export function popularity(
  lastBought: readonly LastBought[],
  customers: Iterable<number>,
  { items, asOf, halfLifeDays }: { items: number; asOf: number; halfLifeDays: number },
): { recency: Float64Array; customers: Int32Array } {
  const recency = new Float64Array(items)
  const count = new Int32Array(items)
  for (const customer of customers) {
    const { item, at } = lastBought[customer]!
    for (let n = 0; n < item.length; n++) {
      recency[item[n]!]! += decay(asOf, at[n]!, halfLifeDays)
      count[item[n]!]!++
    }
  }
  return { recency, customers: count }
}

/** Distinct customers who bought each item in the last `days`, and in as many days before them. */
export function recentAndBefore(
  { customers, items, orderStart, placedAt, lineStart, line }: Purchases,
  asOf: number,
  days: number,
): { recent: Int32Array; before: Int32Array } {
  // A day belongs to the period it begins in; asOf is the midnight before the latest orders, which are recent too.
  const recentFrom = asOf - days * DAY_MS
  const beforeFrom = recentFrom - days * DAY_MS
  const periods = [new Int32Array(items.length), new Int32Array(items.length)] as const
  const seen = [new Int32Array(items.length).fill(-1), new Int32Array(items.length).fill(-1)] as const
  for (let customer = 0; customer < customers.length; customer++) {
    for (let order = orderStart[customer]!; order < orderStart[customer + 1]!; order++) {
      if (placedAt[order]! < beforeFrom) continue
      const period = placedAt[order]! >= recentFrom ? 0 : 1
      for (let at = lineStart[order]!; at < lineStart[order + 1]!; at++) {
        const item = line[at]!
        if (seen[period][item] === customer) continue
        seen[period][item] = customer
        periods[period][item]!++
      }
    }
  }
  return { recent: periods[0], before: periods[1] }
}
