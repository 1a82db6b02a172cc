import { describe, expect, it } from 'vitest'
import { toPurchases } from '../../src/engine/purchases.ts'
import {
  baselines,
  coPurchase,
  lift,
  orderCosine,
  personalFrequency,
  popularity,
  recentPopularity,
  rp3beta,
} from '../../src/evaluation/baselines.ts'

const DAY = 86_400_000
const AS_OF = 100 * DAY

let orders = 0
const bought = (customers: string[], day: number, ...items: string[]) =>
  customers.map((customerId) => ({ customerId, placedAt: day * DAY, id: String(orders++), items }))

/**
 * Customers: A 9 (p1-p7, u, v), B 5 (p1-p5), C 8 (p1-p7, v), D 6 (s1-s6), E 1.
 * Orders: A 10, B 5, C 8; A with B 5, A with C 2, A with E 1.
 */
const P = ['p1', 'p2', 'p3', 'p4', 'p5']
const purchases = toPurchases([
  ...bought(P, 10, 'A', 'B'),
  ...bought(P, 90, 'C'),
  ...bought(['p6', 'p7'], 10, 'A', 'C'),
  ...bought(['s1', 's2', 's3', 's4', 's5', 's6'], 50, 'D'),
  ...bought(['u'], 10, 'A', 'E'),
  ...bought(['v', 'v'], 10, 'A'),
  ...bought(['v'], 55, 'C'),
])

describe('A baseline', () => {
  it('popularity counts customers', () => {
    const { crossSell, nextBasket, completeBasket } = popularity(purchases)
    expect(crossSell!('u', 10)).toEqual(['C', 'D', 'B'])
    expect(crossSell!('nobody', 2)).toEqual(['A', 'C'])
    expect(nextBasket!('u', 2)).toEqual(['A', 'C'])
    expect(completeBasket!(['A', 'unknown'], 'v', 10, { includeOwned: true })).toEqual(['C', 'D', 'B'])
    expect(completeBasket!(['A'], 'v', 10, { includeOwned: false })).toEqual(['D', 'B'])
  })

  it('recent popularity counts customers of the last days', () => {
    expect(recentPopularity(purchases, AS_OF).crossSell!('u', 10)).toEqual(['C'])
    expect(recentPopularity(purchases, AS_OF, 50).crossSell!('u', 10)).toEqual(['C', 'D'])
  })

  it('co-purchase counts orders of both, summed over own products', () => {
    const { crossSell, completeBasket } = coPurchase(purchases)
    expect(crossSell!('u', 10)).toEqual(['B', 'C'])
    expect(crossSell!('p6', 10)).toEqual(['B'])
    expect(completeBasket!(['A'], 'nobody', 10, { includeOwned: true })).toEqual(['B', 'C'])
  })

  it('lift needs its floor of orders', () => {
    expect(lift(purchases, 3).crossSell!('u', 10)).toEqual(['B'])
    expect(lift(purchases, 2).crossSell!('u', 10)).toEqual(['B', 'C'])
    expect(lift(purchases, 2, 1).crossSell!('u', 10)).toEqual(['B'])
  })

  it('RP3beta walks to other customers and back, and takes from what everybody buys', () => {
    // From A: B 5 x 1/9 x 1/3 = .185; C (5 x 1/3 + 3 x 1/2) / 9 = .352; by the customers squared .0074 and .0055.
    expect(rp3beta(purchases, 0).crossSell!('u', 10)).toEqual(['C', 'B'])
    expect(rp3beta(purchases, 2).crossSell!('u', 10)).toEqual(['B', 'C'])
  })

  it('personal frequency halves an order with every half-life', () => {
    // v: A twice 90 days ago, C once 45 days ago: 1 and .71, with 30 days .25 and .35.
    expect(personalFrequency(purchases, AS_OF).nextBasket!('v', 10)).toEqual(['A', 'C'])
    expect(personalFrequency(purchases, AS_OF, 30).nextBasket!('v', 10)).toEqual(['C', 'A'])
    expect(personalFrequency(purchases, AS_OF).nextBasket!('nobody', 10)).toEqual([])
  })

  it('order cosine divides by the orders of both', () => {
    // B 5 / sqrt(10 x 5) = .71, C 2 / sqrt(10 x 8) = .22.
    const { completeBasket } = orderCosine(purchases)
    expect(completeBasket!(['A'], 'nobody', 10, { includeOwned: true })).toEqual(['B', 'C'])
    expect(completeBasket!(['A'], 'p6', 10, { includeOwned: false })).toEqual(['B'])
  })

  it('never cross-sells an owned item, nor one that fewer than five customers bought', async () => {
    const owned = (customer: string) => {
      const at = purchases.customers.indexOf(customer)
      const [from, to] = [purchases.orderStart[at]!, purchases.orderStart[at + 1]!]
      const lines = purchases.line.subarray(purchases.lineStart[from]!, purchases.lineStart[to]!)
      return new Set(Array.from(lines, (item) => purchases.items[item]))
    }
    const all = [...baselines(purchases, AS_OF), lift(purchases, 1)]
    for (const { crossSell } of all) {
      for (const customer of purchases.customers) {
        const offered = (await crossSell?.(customer, 10)) ?? []
        expect(offered.filter((item) => owned(customer).has(item) || item === 'E')).toEqual([])
      }
    }
  })
})
