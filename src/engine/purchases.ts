/** What was bought, as arrays: orders by customer, then time, then id; the distinct items of each order ascending. */
export type Purchases = {
  /** Ids, ascending by string order. */
  customers: string[]
  /** Ids, ascending by string order. */
  items: string[]
  /** [customers + 1] Orders of customer c: orderStart[c] .. orderStart[c + 1]. */
  orderStart: Int32Array
  /** [orders] Epoch milliseconds. */
  placedAt: Float64Array
  /** [orders + 1] Items of order o: lineStart[o] .. lineStart[o + 1]. */
  lineStart: Int32Array
  /** [lines] Index into items. */
  line: Int32Array
}

/** An order before it is an array; `placedAt` in epoch milliseconds, an item may be named twice. */
export type PlacedOrder = { customerId: string; placedAt: number; id: string; items: string[] }

export function toPurchases(orders: readonly PlacedOrder[]): Purchases {
  // The default sort compares UTF-16 code units, as `<` does: the same order on every machine, whatever its locale.
  const customers = [...new Set(orders.map((order) => order.customerId))].sort()
  const items = [...new Set(orders.flatMap((order) => order.items))].sort()
  const customerAt = new Map(customers.map((id, at) => [id, at]))
  const itemAt = new Map(items.map((id, at) => [id, at]))
  const sorted = orders.toSorted((a, b) =>
    a.customerId === b.customerId
      ? a.placedAt - b.placedAt || compare(a.id, b.id)
      : compare(a.customerId, b.customerId),
  )
  const orderStart = new Int32Array(customers.length + 1)
  const placedAt = new Float64Array(sorted.length)
  const lineStart = new Int32Array(sorted.length + 1)
  const line = new Int32Array(sorted.reduce((lines, order) => lines + order.items.length, 0))
  let lines = 0
  for (const [at, order] of sorted.entries()) {
    orderStart[customerAt.get(order.customerId)! + 1] = at + 1
    placedAt[at] = order.placedAt
    const distinct = Int32Array.from(new Set(order.items), (id) => itemAt.get(id)!).sort()
    line.set(distinct, lines)
    lines += distinct.length
    lineStart[at + 1] = lines
  }
  return { customers, items, orderStart, placedAt, lineStart, line: line.slice(0, lines) }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const DAY_MS = 86_400_000

/** 0.5 ^ (age / half-life); the future has no age. */
export const decay = (asOf: number, at: number, halfLifeDays: number) =>
  at >= asOf ? 1 : 0.5 ** ((asOf - at) / DAY_MS / halfLifeDays)
