/** What was bought, as arrays: orders by customer, then time, then id; the distinct items of each order ascending. */
export type Purchases = {
  /** Ids, ascending. */
  customers: string[]
  /** Ids, ascending. */
  items: string[]
  /** Orders of customer c: orderStart[c] to orderStart[c + 1]. */
  orderStart: Int32Array
  /** Of each order, epoch ms. */
  placedAt: Float64Array
  /** Items of order o: lineStart[o] to lineStart[o + 1]. */
  lineStart: Int32Array
  /** Index into items. */
  line: Int32Array
}

export type PlacedOrder = { customerId: string; placedAt: number; id: string; items: readonly string[] }

export const DAY_MS = 86_400_000

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

export function toPurchases(orders: readonly PlacedOrder[]): Purchases {
  const sorted = [...orders].sort(
    (a, b) => compare(a.customerId, b.customerId) || a.placedAt - b.placedAt || compare(a.id, b.id),
  )
  const customers = [...new Set(sorted.map(({ customerId }) => customerId))]
  const items = [...new Set(sorted.flatMap(({ items }) => items))].sort(compare)
  const itemAt = new Map(items.map((id, at) => [id, at]))
  const orderStart = new Int32Array(customers.length + 1)
  const lineStart = new Int32Array(sorted.length + 1)
  const placedAt = new Float64Array(sorted.length)
  const lines: number[] = []
  let customer = -1
  for (const [at, order] of sorted.entries()) {
    if (customer === -1 || customers[customer] !== order.customerId) orderStart[++customer] = at
    placedAt[at] = order.placedAt
    for (const item of Int32Array.from(new Set(order.items.map((id) => itemAt.get(id)!))).sort()) lines.push(item)
    lineStart[at + 1] = lines.length
  }
  orderStart[customers.length] = sorted.length
  return { customers, items, orderStart, placedAt, lineStart, line: Int32Array.from(lines) }
}

/** 0.5 ^ (age / half-life), ages of the future taken as 0. */
export const decay = (asOf: number, at: number, halfLifeDays: number) =>
  at >= asOf ? 1 : 0.5 ** ((asOf - at) / DAY_MS / halfLifeDays)
