import { seeded } from '../../src/random.ts'
import type { TestApp } from './app.ts'
import { cypher } from './graph.ts'

export type TestLine = {
  productId: string
  quantity: number
  value: number
  discount?: number
  couponDiscount?: number
}
export type TestOrder = { id: string; revision?: number; customerId: string; placedAt: string; lines: TestLine[] }
export type TestProduct = {
  id: string
  name?: string
  brand?: string
  department?: string
  category?: string
  type?: string
  price?: number
  margin?: number
  active?: boolean
  merchandise?: boolean
}
export type Recorded = {
  accepted: number
  duplicates: number
  rejected: { index: number; id: string; code: string; message: string }[]
}

export const RECORD = `mutation Record($orders: [OrderInput!]!) {
  recordOrders(orders: $orders) { accepted duplicates rejected { index id code message } }
}`

export const line = (productId: string, quantity = 1, value = 1): TestLine => ({ productId, quantity, value })

export const order = (id: string, customerId: string, placedAt: string, lines: (TestLine | string)[]): TestOrder => ({
  id,
  customerId,
  placedAt,
  lines: lines.map((given) => (typeof given === 'string' ? line(given) : given)),
})

/** Day 1 is 2024-01-01. */
export const day = (number: number, time = '12:00:00.000') =>
  `${new Date(Date.UTC(2024, 0, number)).toISOString().slice(0, 10)}T${time}Z`

export async function record(app: TestApp, orders: TestOrder[]): Promise<Recorded> {
  return (await app.data(RECORD, { role: 'INGEST', variables: { orders } })).recordOrders
}

/** There is no public way yet to say what a product is. */
export async function describeProducts(app: TestApp, products: TestProduct[]): Promise<void> {
  const rows = products.map((product) => ({
    name: `Product ${product.id}`,
    merchandise: true,
    active: true,
    ...product,
  }))
  await cypher(app.driver, 'UNWIND $rows AS row MERGE (p:Product {id: row.id}) SET p += row', { rows })
}

/** Learns from what is recorded; the new model answers from now on. */
export async function train(app: TestApp): Promise<string> {
  const id = await app.services.model.train()
  await app.services.model.activate(id)
  return id
}

/** One of many versions answers, the others stay: activation would retire all but two. */
export async function answerBy(app: TestApp, id: string): Promise<void> {
  const text = `MATCH (m:Model) SET m.status = CASE m.id WHEN $id THEN 'ACTIVE' ELSE 'READY' END`
  await cypher(app.driver, text, { id })
}

export async function emptyShop(app: TestApp): Promise<void> {
  await cypher(app.driver, 'MATCH (n) WHERE NOT n:Migration DETACH DELETE n')
}

/** Everything awkward at once: orders at the same moment, lines without quantity or value, several lines of a product. */
export function randomOrders(seed: number, customers = 40, each = 8, products = 25): TestOrder[] {
  const next = seeded(seed)
  const below = (limit: number) => Math.floor(next() * limit)
  const orders: TestOrder[] = []
  for (let customer = 0; customer < customers; customer++) {
    for (let at = 0; at < each; at++) {
      const lines: TestLine[] = []
      // Low numbers are bought more often.
      for (let n = 1 + below(7); n > 0; n--) {
        const productId = `p${String(Math.floor(next() ** 1.7 * products)).padStart(2, '0')}`
        const quantity = next() < 0.12 ? 0 : 1 + below(3)
        const value = next() < 0.12 ? 0 : 0.5 * (1 + below(20))
        for (let times = next() < 0.15 ? 2 : 1; times > 0; times--) lines.push(line(productId, quantity, value))
      }
      // Few moments for many orders: a customer often has two at once.
      const placedAt = day(1 + below(12) * 3, `${String(8 + below(2) * 6).padStart(2, '0')}:30:00.000`)
      orders.push({ id: `o${customer}-${at}`, customerId: `c${String(customer).padStart(2, '0')}`, placedAt, lines })
    }
  }
  return orders
}
