import { byItem, type Groups } from '../engine/groups.ts'
import type { Purchases } from '../engine/purchases.ts'
import { largest } from '../engine/sparse.ts'

/** The items of each order, distinct. */
export const orderGroups = ({ lineStart, line }: Purchases): Groups => ({ start: lineStart, member: line })

/** The distinct items of each customer. */
export function customerGroups(purchases: Purchases): Groups {
  const { customers, items, orderStart, lineStart, line } = purchases
  const lastOwner = new Int32Array(items.length).fill(-1)
  const start = new Int32Array(customers.length + 1)
  const member = new Int32Array(line.length)
  let at = 0
  for (let customer = 0; customer < customers.length; customer++) {
    for (let n = lineStart[orderStart[customer]!]!; n < lineStart[orderStart[customer + 1]!]!; n++) {
      const item = line[n]!
      if (lastOwner[item] === customer) continue
      lastOwner[item] = customer
      member[at++] = item
    }
    start[customer + 1] = at
  }
  return { start, member: member.slice(0, at) }
}

/** [items] In how many groups each item is. */
export function groupsPerItem({ member }: Groups, items: number): Int32Array {
  const counts = new Int32Array(items)
  for (const item of member) counts[item]!++
  return counts
}

/** What each step of a path weighs. */
export type Steps = { from(item: number): number; via(group: number): number; to(item: number): number }

/**
 * Paths item -> group that holds it -> item of that group: returns a function from start items to [items] the sum over all
 * paths of the product of their three weights. Never needs the square of items by items: every weight belongs to one step alone.
 */
export function pathSums(groups: Groups, items: number, { from, via, to }: Steps) {
  const groupsOf = byItem(groups, items)
  const reached = new Float64Array(groups.start.length - 1)
  return (starts: Iterable<number>): Float64Array => {
    reached.fill(0)
    for (const item of starts) {
      const weight = from(item)
      for (let n = groupsOf.start[item]!; n < groupsOf.start[item + 1]!; n++) reached[groupsOf.member[n]!]! += weight
    }
    const sums = new Float64Array(items)
    for (let group = 0; group < reached.length; group++) {
      if (reached[group] === 0) continue
      const weight = reached[group]! * via(group)
      for (let n = groups.start[group]!; n < groups.start[group + 1]!; n++) sums[groups.member[n]!]! += weight
    }
    for (let item = 0; item < items; item++) if (sums[item] !== 0) sums[item]! *= to(item)
    return sums
  }
}

/** Indices of the `first` largest scores above 0 that are allowed, best first; of equal ones the lower index. */
export function best(scores: ArrayLike<number>, first: number, allowed: (item: number) => boolean): number[] {
  const candidates: number[] = []
  for (let item = 0; item < scores.length; item++) if (scores[item]! > 0 && allowed(item)) candidates.push(item)
  return largest(scores, candidates, first)
}
