import { describe, expect, it } from 'vitest'
import { boughtAfter } from '../../src/engine/after.ts'
import { histories } from '../../src/engine/history.ts'
import { boughtWith, type Pairs } from '../../src/engine/pairs.ts'
import { popularity, recentAndBefore } from '../../src/engine/popular.ts'
import { toPurchases } from '../../src/engine/purchases.ts'
import { similarCustomers } from '../../src/engine/similar.ts'
import { largest, type Sparse, transpose } from '../../src/engine/sparse.ts'
import { DAY, HOUR, placed, randomMatrix, randomPurchases, toSparse } from './support.ts'

const { orders, purchases } = randomPurchases(4)
const { items, customers } = purchases
const ANY = { minOrders: 1, minCustomers: 1, neighbours: 1_000 }

const rowOf = ({ start, index, value }: Sparse, row: number) =>
  new Map(Array.from(index.slice(start[row], start[row + 1]), (column, at) => [column, value[start[row]! + at]!]))

/** By the item they lead from and to. */
function told(pairs: Pairs) {
  const all: { from: string; to: string; both: number; customers: number; cosine: number; at: number }[] = []
  for (const [item, from] of items.entries()) {
    for (let at = pairs.start[item]!; at < pairs.start[item + 1]!; at++)
      all.push({
        from,
        to: items[pairs.to[at]!]!,
        both: pairs.both[at]!,
        customers: pairs.customers[at]!,
        cosine: pairs.cosine[at]!,
        at,
      })
  }
  return all
}

type Unit = { customerId: string; first: string[]; second: string[]; days: number }
const together: Unit[] = orders.map(({ customerId, items }) => ({ customerId, first: items, second: items, days: 0 }))
const laterBy = (days: number): Unit[] =>
  orders.flatMap((earlier) =>
    orders
      .filter(
        (later) =>
          later.customerId === earlier.customerId &&
          later.placedAt > earlier.placedAt &&
          later.placedAt <= earlier.placedAt + days * DAY,
      )
      .map((later) => ({
        customerId: later.customerId,
        first: earlier.items,
        second: later.items,
        days: Math.floor((later.placedAt - earlier.placedAt) / DAY),
      })),
  )

/** Every pair there is, naively. */
const counted = (units: Unit[]) =>
  items.flatMap((from) =>
    items.flatMap((to) => {
      const both = units.filter(({ first, second }) => first.includes(from) && second.includes(to))
      if (from === to || both.length === 0) return []
      const of = units.filter(({ first }) => first.includes(from)).length
      const ofOther = units.filter(({ second }) => second.includes(to)).length
      const days = both.map((one) => one.days).sort((a, b) => a - b)
      return [
        {
          from,
          to,
          both: both.length,
          customers: new Set(both.map(({ customerId }) => customerId)).size,
          cosine: both.length / Math.sqrt(of * ofOther),
          median: days[Math.ceil(days.length / 2) - 1]!,
        },
      ]
    }),
  )
const key = ({ from, to }: { from: string; to: string }) => `${from} ${to}`
const sorted = <T extends { from: string; to: string }>(all: T[]) => all.sort((a, b) => (key(a) < key(b) ? -1 : 1))

describe('Pairs', () => {
  it('bought together: every pair with its orders, customers and cosine', () => {
    const expected = counted(together).map(({ median: _, cosine, ...rest }) => ({
      ...rest,
      cosine: expect.closeTo(cosine, 12),
    }))
    const all = told(boughtWith(purchases, ANY).pairs).map(({ at: _, ...rest }) => rest)
    expect(sorted(all)).toEqual(sorted(expected))
  })

  it.each([3, 14, 60])('bought after, at most %i days: the same, with the typical days between', (days) => {
    const { pairs, medianDays, totals } = boughtAfter(purchases, days, ANY)
    const expected = counted(laterBy(days)).map(({ cosine, ...rest }) => ({
      ...rest,
      cosine: expect.closeTo(cosine, 12),
    }))
    const all = told(pairs).map(({ at, ...rest }) => ({ ...rest, median: medianDays[at] }))
    expect(sorted(all)).toEqual(sorted(expected))
    expect(totals.units).toBe(laterBy(days).length)
  })

  it('pairs below the floors are left out, and the most alike are kept, best first', () => {
    const floor = { minOrders: 3, minCustomers: 2, neighbours: 4 }
    const kept = told(boughtWith(purchases, floor).pairs)
    for (const from of items) {
      const expected = counted(together)
        .filter((pair) => pair.from === from && pair.both >= 3 && pair.customers >= 2)
        .sort((a, b) => b.cosine - a.cosine)
        .slice(0, 4)
      expect(kept.filter((pair) => pair.from === from).map(({ cosine }) => cosine)).toEqual(
        expected.map(({ cosine }) => expect.closeTo(cosine, 12)),
      )
    }
    expect(kept.length).toBeGreaterThan(10)
  })

  it('orders of one moment are not after one another', () => {
    const one = toPurchases([
      placed('a', 'c', DAY, ['x']),
      placed('b', 'c', DAY, ['y']),
      placed('d', 'c', DAY + 1, ['z']),
    ])
    const { pairs, totals } = boughtAfter(one, 10, ANY)
    expect(totals.units).toBe(2)
    expect([...pairs.start]).toEqual([0, 1, 2, 2])
    expect([...pairs.to]).toEqual([2, 2])
  })
})

describe('Histories and popularity', () => {
  const asOf = 40 * DAY
  const age = (at: number, halfLife: number) => (at >= asOf ? 1 : 0.5 ** ((asOf - at) / DAY / halfLife))
  const known = histories(purchases, asOf, { halfLifeDays: 10, repeatHalfLifeDays: 4 })
  const of = (customerId: string, item: string) =>
    orders
      .filter((order) => order.customerId === customerId && order.items.includes(item))
      .map(({ placedAt }) => placedAt)

  it('each customer and item: ln(1 + decayed purchases), decayed repeats and the last one', () => {
    for (const [row, customerId] of customers.entries()) {
      const weights = rowOf(known.weights, row)
      const bought = items.map((item) => of(customerId, item))
      expect([...weights.keys()]).toEqual([...bought.keys()].filter((at) => bought[at]!.length > 0))
      let entry = known.weights.start[row]!
      for (const [place, item] of [...weights.keys()].entries()) {
        const sum = (halfLife: number) => bought[item]!.reduce((total, at) => total + age(at, halfLife), 0)
        expect(weights.get(item)).toBeCloseTo(Math.log(1 + sum(10)), 12)
        expect(known.repeats[entry++]).toBeCloseTo(sum(4), 12)
        expect(known.lastBought[row]!.item[place]).toBe(item)
        expect(known.lastBought[row]!.at[place]).toBe(Math.max(...bought[item]!))
      }
    }
  })

  it('popularity counts each customer once, by their last purchase', () => {
    const some = [0, 3, 4, 7, 11]
    const found = popularity(known.lastBought, some, { items: items.length, asOf, halfLifeDays: 6 })
    for (const [at, item] of items.entries()) {
      const last = some.map((customer) => Math.max(...of(customers[customer]!, item))).filter((one) => one >= 0)
      expect(found.customers[at]).toBe(last.length)
      expect(found.recency[at]).toBeCloseTo(
        last.reduce((sum, one) => sum + age(one, 6), 0),
        12,
      )
    }
  })

  it('recent and before are distinct customers of two periods that touch', () => {
    const { recent, before } = recentAndBefore(purchases, asOf, 12)
    const buyers = (item: string, from: number, to: number) =>
      new Set(
        orders
          .filter(({ items, placedAt }) => items.includes(item) && placedAt >= from && placedAt < to)
          .map(({ customerId }) => customerId),
      ).size
    for (const [at, item] of items.entries()) {
      expect(recent[at]).toBe(buyers(item, asOf - 12 * DAY, Number.POSITIVE_INFINITY))
      expect(before[at]).toBe(buyers(item, asOf - 24 * DAY, asOf - 12 * DAY))
    }
    const edge = toPurchases([placed('a', 'c', asOf - 12 * DAY, ['x']), placed('b', 'd', asOf + 5 * HOUR, ['x'])])
    expect(recentAndBefore(edge, asOf, 12)).toEqual({ recent: Int32Array.of(2), before: Int32Array.of(0) })
  })
})

describe('Similar customers', () => {
  const rows = randomMatrix(8, 20, 12, 0.4)
  const cosine = (a: number[], b: number[]) => {
    const dot = (x: number[], y: number[]) => x.reduce((sum, value, at) => sum + value * y[at]!, 0)
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
  }

  it.each([3, 100])('the %i nearest by cosine, as parts of 1, without the customer', (neighbours) => {
    const found = similarCustomers(toSparse(rows), neighbours)
    for (const [row, mine] of rows.entries()) {
      const nearest = rows
        .map((other, at) => ({ at, alike: at === row ? 0 : cosine(mine, other) }))
        .filter(({ alike }) => alike > 0)
        .sort((a, b) => b.alike - a.alike)
        .slice(0, neighbours)
      const all = nearest.reduce((sum, { alike }) => sum + alike, 0)
      const weights = rowOf(found, row)
      expect([...weights.keys()]).toEqual(nearest.map(({ at }) => at).sort((a, b) => a - b))
      for (const { at, alike } of nearest) expect(weights.get(at)).toBeCloseTo(alike / all, 12)
    }
  })

  it('who shares nothing with anyone has none', () => {
    const alone = toSparse([
      [1, 0, 0],
      [0, 1, 1],
      [0, 2, 1],
    ])
    expect([...similarCustomers(alone, 5).start]).toEqual([0, 0, 1, 2])
  })
})

describe('Sparse rows', () => {
  it('turned, the entries are by column', () => {
    const rows = randomMatrix(5, 6, 4, 0.5)
    const columns = transpose(toSparse(rows))
    for (let column = 0; column < 4; column++)
      expect([...rowOf(columns, column)]).toEqual(
        rows.map((row, at): [number, number] => [at, row[column]!]).filter(([, value]) => value !== 0),
      )
  })

  it('the largest come first, of equals the lower index, whatever the order they are met in', () => {
    const values = Float64Array.from([3, 1, 3, 5, 1, 3])
    expect(largest(values, [5, 4, 3, 2, 1, 0], 4)).toEqual([3, 0, 2, 5])
    expect(largest(values, [0, 1, 2, 3, 4, 5], 4)).toEqual([3, 0, 2, 5])
    expect(largest(values, [4, 1], 9)).toEqual([1, 4])
    expect(largest(values, [], 3)).toEqual([])
  })
})
