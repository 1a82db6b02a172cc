import { customerOfOrder, type Floor, learnPairs, ordersOf, type Pairs, type Totals } from './pairs.ts'
import { DAY_MS, type Purchases } from './purchases.ts'

/**
 * Bought in a strictly later order of the same customer, at most `days` later. The unit is a pair (earlier order, later order) of one
 * customer; from[i] counts those with i in the earlier, to[j] those with j in the later.
 * @returns with the pairs, the median of days between (whole days) for each
 */
export function boughtAfter(
  purchases: Purchases,
  days: number,
  floor: Floor,
): { pairs: Pairs; totals: Totals; medianDays: Float64Array } {
  const { customers, items, orderStart, placedAt, lineStart, line } = purchases
  const from = new Float64Array(items.length)
  const to = new Float64Array(items.length)
  let units = 0
  /** Of each order: how far the later orders within reach go. */
  const first = new Int32Array(placedAt.length)
  const last = new Int32Array(placedAt.length)
  const held = ordersOf(purchases)
  const ordersWith = (item: number) => held.member.subarray(held.start[item]!, held.start[item + 1]!)
  const customerOf = customerOfOrder(purchases)
  for (let customer = 0; customer < customers.length; customer++) {
    const end = orderStart[customer + 1]!
    const earlier = new Int32Array(end - orderStart[customer]!)
    for (let order = orderStart[customer]!; order < end; order++) {
      let later = order + 1
      while (later < end && placedAt[later]! <= placedAt[order]!) later++
      first[order] = later
      while (later < end && placedAt[later]! <= placedAt[order]! + days * DAY_MS) {
        earlier[later - orderStart[customer]!]!++
        later++
      }
      last[order] = later
      const reach = later - first[order]!
      units += reach
      for (let at = lineStart[order]!; at < lineStart[order + 1]!; at++) from[line[at]!]! += reach
    }
    for (let order = orderStart[customer]!; order < end; order++) {
      const count = earlier[order - orderStart[customer]!]!
      for (let at = lineStart[order]!; at < lineStart[order + 1]!; at++) to[line[at]!]! += count
    }
  }

  const pairs = learnPairs(
    items.length,
    { from, to, units },
    (item, meet) => {
      if (from[item]! < floor.minOrders) return
      for (const order of ordersWith(item)) {
        for (let at = lineStart[first[order]!]!; at < lineStart[last[order]!]!; at++)
          meet(line[at]!, customerOf[order]!)
      }
    },
    floor,
  )

  const medianDays = new Float64Array(pairs.to.length)
  const place = new Int32Array(items.length).fill(-1)
  for (let item = 0; item < items.length; item++) {
    const begin = pairs.start[item]!
    const count = pairs.start[item + 1]! - begin
    if (count === 0) continue
    const histogram = new Int32Array(count * (days + 1))
    for (let at = 0; at < count; at++) place[pairs.to[begin + at]!] = at
    for (const order of ordersWith(item)) {
      for (let later = first[order]!; later < last[order]!; later++) {
        const between = Math.floor((placedAt[later]! - placedAt[order]!) / DAY_MS)
        for (let at = lineStart[later]!; at < lineStart[later + 1]!; at++) {
          const known = place[line[at]!]!
          if (known !== -1) histogram[known * (days + 1) + between]!++
        }
      }
    }
    for (let at = 0; at < count; at++) {
      medianDays[begin + at] = medianOf(histogram.subarray(at * (days + 1), (at + 1) * (days + 1)))
      place[pairs.to[begin + at]!] = -1
    }
  }
  return { pairs, totals: { from, to, units }, medianDays }
}

/** The lower median of values counted by their size. */
function medianOf(counts: Int32Array): number {
  const half = counts.reduce((sum, count) => sum + count, 0) / 2
  let below = 0
  for (const [value, count] of counts.entries()) {
    below += count
    if (below >= half) return value
  }
  return 0
}
