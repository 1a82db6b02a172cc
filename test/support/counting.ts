/** What the API counts, counted again from its description ("Counting"), over the orders a test has recorded. */
import type { TestOrder } from './shop.ts'

export type CountedAffinity = {
  productId: string
  orders: number
  support: number
  confidence: number
  lift: number
  cosine: number
  medianDays: number | null
}

const DAY_MS = 86_400_000

/** A product is in an order when its lines there sum to quantity > 0 and value > 0. */
export function productsIn({ lines }: TestOrder): Set<string> {
  const ids = new Set(lines.map(({ productId }) => productId))
  const sum = (id: string, of: 'quantity' | 'value') =>
    lines.filter(({ productId }) => productId === id).reduce((total, line) => total + line[of], 0)
  return new Set([...ids].filter((id) => sum(id, 'quantity') > 0 && sum(id, 'value') > 0))
}

type Unit = { first: Set<string>; second: Set<string>; days: number | null }

/** BOUGHT_WITH: the unit is an order, which holds both. */
const ordersAsUnits = (orders: TestOrder[]): Unit[] =>
  orders
    .map(productsIn)
    .filter((products) => products.size > 0)
    .map((products) => ({ first: products, second: products, days: null }))

/** BOUGHT_AFTER: the unit is a pair (earlier, strictly later order) of one customer. */
function pairsAsUnits(orders: TestOrder[]): Unit[] {
  const counted = orders.filter((order) => productsIn(order).size > 0)
  return counted.flatMap((earlier) =>
    counted
      .filter((later) => later.customerId === earlier.customerId && later.placedAt > earlier.placedAt)
      .map((later) => ({
        first: productsIn(earlier),
        second: productsIn(later),
        days: (Date.parse(later.placedAt) - Date.parse(earlier.placedAt)) / DAY_MS,
      })),
  )
}

export function countAffinities(
  orders: TestOrder[],
  productId: string,
  kind: 'BOUGHT_WITH' | 'BOUGHT_AFTER',
): CountedAffinity[] {
  const units = kind === 'BOUGHT_WITH' ? ordersAsUnits(orders) : pairsAsUnits(orders)
  const withIt = units.filter(({ first }) => first.has(productId))
  const others = new Set(withIt.flatMap(({ second }) => [...second]))
  others.delete(productId)
  return [...others]
    .map((other) => {
      const both = withIt.filter(({ second }) => second.has(other))
      const ofOther = units.filter(({ second }) => second.has(other)).length
      const confidence = both.length / withIt.length
      return {
        productId: other,
        orders: both.length,
        support: both.length / units.length,
        confidence,
        lift: confidence / (ofOther / units.length),
        cosine: both.length / Math.sqrt(withIt.length * ofOther),
        medianDays: kind === 'BOUGHT_WITH' ? null : median(both.map(({ days }) => days!)),
      }
    })
    .sort((a, b) => b.cosine - a.cosine || (a.productId < b.productId ? -1 : 1))
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
}
