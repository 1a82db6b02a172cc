import { seeded } from '../../src/random.ts'
import type { TestApp } from '../support/app.ts'
import { LAST_DAY, type Market, market, tell, two } from '../support/market.ts'
import { day, line, type TestOrder } from '../support/shop.ts'

export type Said = { customerId: string; channel: string; purpose: string; granted: boolean }
export type World = Market & { consents: Said[] }

/** The market, with customers of all ages of acquaintance, cancelled orders and returns, and what some said to being written to. */
export function world(seed = 11): World {
  const next = seeded(seed)
  const below = (limit: number) => Math.floor(next() * limit)
  const orders: TestOrder[] = []
  for (let customer = 0; customer < 24; customer++) {
    // In time they begin and stop anywhere.
    const first = 1 + below(LAST_DAY)
    const last = first + below(LAST_DAY + 1 - first)
    for (let at = 0; at <= below(4); at++) {
      const lines = Array.from({ length: 1 + below(3) }, () =>
        line(`p${two(below(18))}`, next() < 0.1 ? 0 : 1, next() < 0.1 ? 0 : below(200) / 10),
      )
      const placedAt = day(first + below(last - first + 1), ['00:00:00.000', '11:59:59.999', '23:59:59.999'][below(3)]!)
      const order = { id: `x${two(customer)}-${at}`, customerId: `x${two(customer)}`, placedAt, lines }
      orders.push(order)
      if (next() < 0.15) orders.push({ ...order, revision: 2, lines: next() < 0.5 ? [] : lines.slice(1) })
    }
  }
  // On both sides of the midnight where the last 90 days begin.
  orders.push({ id: 'lost', customerId: 'n-lost', placedAt: day(LAST_DAY - 90, '23:59:59.999'), lines: [line('p05')] })
  orders.push({ id: 'late', customerId: 'n-late', placedAt: day(LAST_DAY - 89, '00:00:00.000'), lines: [line('p05')] })
  orders.push({ id: 'cancelled', customerId: 'n-cancelled', placedAt: day(50), lines: [line('p00')] })
  orders.push({ id: 'cancelled', customerId: 'n-cancelled', placedAt: day(50), lines: [], revision: 2 })

  const consents: Said[] = []
  for (let said = 0; said < 60; said++)
    consents.push({
      customerId: `c${two(below(12))}`,
      channel: ['EMAIL', 'SMS'][below(2)]!,
      purpose: next() < 0.8 ? 'MARKETING' : 'PROFILING',
      granted: next() < 0.5,
    })
  const base = market()
  return { ...base, orders: [...base.orders, ...orders], consents }
}

const SET = `mutation ($customerId: ID!, $channel: Channel!, $purpose: Purpose!, $granted: Boolean!) {
  setConsent(customerId: $customerId, channel: $channel, purpose: $purpose, granted: $granted, source: "a form") { id } }`

export async function make(app: TestApp, { consents, ...market }: World): Promise<void> {
  await tell(app, market)
  for (const variables of consents) await app.data(SET, { role: 'INGEST', variables })
}

/** Everybody there is. */
export const everyoneOf = ({ orders, customers, views }: World): string[] =>
  [...new Set([...orders, ...views].map(({ customerId }) => customerId).concat(customers.map(({ id }) => id)))].sort()

/** Each order as its last revision left it, its lines by product, without what holds nothing. */
export function ordersOf({ orders }: Pick<World, 'orders'>) {
  const newest = new Map<string, TestOrder>()
  for (const order of orders)
    if ((order.revision ?? 1) > (newest.get(order.id)?.revision ?? 0)) newest.set(order.id, { revision: 1, ...order })
  return [...newest.values()].flatMap(({ customerId, placedAt, lines }) => {
    const products = [...new Set(lines.map(({ productId }) => productId))].filter((id) => {
      const ours = lines.filter(({ productId }) => productId === id)
      const sum = (of: 'quantity' | 'value') => ours.reduce((total, one) => total + one[of], 0)
      return sum('quantity') > 0 && sum('value') > 0
    })
    const value = lines.reduce((total, one) => total + one.value, 0)
    return products.length > 0 ? [{ customerId, at: Date.parse(placedAt), products, value }] : []
  })
}
