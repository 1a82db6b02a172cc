import { type PlacedOrder, type Purchases, toPurchases } from '../../src/engine/purchases.ts'
import type { Sparse } from '../../src/engine/sparse.ts'
import { sparseBuilder } from '../../src/engine/sparse.ts'
import { seeded } from '../../src/random.ts'

export const DAY = 86_400_000
export const HOUR = 3_600_000

export const placed = (id: string, customerId: string, placedAt: number, items: string[]): PlacedOrder => ({
  id,
  customerId,
  placedAt,
  items,
})

/** Many orders, some of a customer at one moment. */
export function randomPurchases(seed: number, customers = 15, each = 9, items = 10) {
  const next = seeded(seed)
  const below = (limit: number) => Math.floor(next() * limit)
  const orders: PlacedOrder[] = []
  for (let customer = 0; customer < customers; customer++) {
    for (let at = 0; at < each; at++) {
      const bought = Array.from({ length: 1 + below(4) }, () => `p${Math.floor(next() ** 1.6 * items)}`)
      orders.push(placed(`o${customer}-${at}`, `c${customer}`, below(40) * DAY + below(2) * 7 * HOUR, bought))
    }
  }
  return { orders, purchases: toPurchases(orders) as Purchases }
}

export function toSparse(rows: number[][]): Sparse {
  const built = sparseBuilder(rows[0]!.length)
  for (const row of rows) {
    for (const [column, value] of row.entries()) if (value !== 0) built.add(column, value)
    built.endRow()
  }
  return built.done()
}

export function randomMatrix(seed: number, rows: number, columns: number, filled = 1): number[][] {
  const next = seeded(seed)
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => (next() < filled ? 0.1 + next() : 0)))
}
