import { byItem, type Groups } from './groups.ts'
import type { Purchases } from './purchases.ts'
import { largest } from './sparse.ts'

/** Learned pairs, those of item i from start[i] to start[i + 1], the most alike first. */
export type Pairs = {
  start: Int32Array
  to: Int32Array
  /** Of both / sqrt(of the one x of the other), 0 to 1. */
  cosine: Float64Array
  /** Units (orders, or pairs of an earlier and a later order) that hold both, and the distinct customers behind them. */
  both: Int32Array
  customers: Int32Array
}

export type Floor = { minOrders: number; minCustomers: number; neighbours: number }

/** In how many units each item is, and how many there are. */
export type Totals = { from: Float64Array; to: Float64Array; units: number }

/** Visits, for one item, what else is in each of its units, and whose unit it is. */
type Visit = (item: number, meet: (other: number, customer: number) => void) => void

/** Keeps, for each item, the `neighbours` others with the highest cosine among those at or above the floors. */
export function learnPairs(items: number, totals: Totals, visit: Visit, floor: Floor): Pairs {
  const both = new Float64Array(items)
  const customers = new Int32Array(items)
  const last = new Int32Array(items).fill(-1)
  const cosine = new Float64Array(items)
  const pairs = {
    start: [0],
    to: [] as number[],
    cosine: [] as number[],
    both: [] as number[],
    customers: [] as number[],
  }
  for (let item = 0; item < items; item++) {
    const met: number[] = []
    visit(item, (other, customer) => {
      if (other === item) return
      if (last[other] === -1) met.push(other)
      if (last[other] !== customer) {
        last[other] = customer
        customers[other]!++
      }
      both[other]!++
    })
    const enough = met.filter((other) => both[other]! >= floor.minOrders && customers[other]! >= floor.minCustomers)
    for (const other of enough) cosine[other] = both[other]! / Math.sqrt(totals.from[item]! * totals.to[other]!)
    for (const other of largest(cosine, enough, floor.neighbours)) {
      pairs.to.push(other)
      pairs.cosine.push(cosine[other]!)
      pairs.both.push(both[other]!)
      pairs.customers.push(customers[other]!)
    }
    pairs.start.push(pairs.to.length)
    for (const other of met) {
      both[other] = 0
      customers[other] = 0
      last[other] = -1
    }
  }
  return {
    start: Int32Array.from(pairs.start),
    to: Int32Array.from(pairs.to),
    cosine: Float64Array.from(pairs.cosine),
    both: Int32Array.from(pairs.both),
    customers: Int32Array.from(pairs.customers),
  }
}

/** The orders that hold each item, ascending. */
export const ordersOf = ({ items, lineStart, line }: Purchases): Groups =>
  byItem({ start: lineStart, member: line }, items.length)

export function customerOfOrder({ customers, orderStart, placedAt }: Purchases): Int32Array {
  const of = new Int32Array(placedAt.length)
  for (let customer = 0; customer < customers.length; customer++)
    of.fill(customer, orderStart[customer]!, orderStart[customer + 1]!)
  return of
}

/** Bought in the same order. */
export function boughtWith(purchases: Purchases, floor: Floor): { pairs: Pairs; totals: Totals } {
  const held = ordersOf(purchases)
  const customerOf = customerOfOrder(purchases)
  const items = purchases.items.length
  const counts = new Float64Array(items)
  for (let item = 0; item < items; item++) counts[item] = held.start[item + 1]! - held.start[item]!
  const totals = { from: counts, to: counts, units: purchases.placedAt.length }
  const visit: Visit = (item, meet) => {
    if (counts[item]! < floor.minOrders) return
    for (let at = held.start[item]!; at < held.start[item + 1]!; at++) {
      const order = held.member[at]!
      for (let l = purchases.lineStart[order]!; l < purchases.lineStart[order + 1]!; l++)
        meet(purchases.line[l]!, customerOf[order]!)
    }
  }
  return { pairs: learnPairs(items, totals, visit, floor), totals }
}
