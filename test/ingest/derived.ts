import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seeded } from '../../src/random.ts'
import { dump, outboxSize } from '../failure/dump.ts'
import { createTestApp, startTestApp, type TestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { LAST_DAY, type Market, market, type TestInteraction, type TestView, tell, two } from '../support/market.ts'
import { day, emptyShop, line, type TestLine, type TestOrder, train } from '../support/shop.ts'

type Sent = { orders: TestOrder[]; views: TestView[]; interactions: TestInteraction[] }
type Bought = { customer: string; product: string; of: object }
type Event = { [Kind in keyof Sent]: { kind: Kind; item: Sent[Kind][number] } }[keyof Sent]

const WRITERS = 4
/** Few, so that the writers meet. */
const CUSTOMERS = 10
const PRODUCTS = 15
const TYPES = ['SENT', 'OPENED', 'CLICKED', 'REDEEMED', 'CONVERTED']

/** Orders with their revisions (some returns, some cancelled in the end), views and interactions: every event, in order and once. */
function happened(seed: number, count: number): Event[] {
  const next = seeded(seed)
  const below = (limit: number) => Math.floor(next() * limit)
  const [customer, product] = [() => `c${two(below(CUSTOMERS))}`, () => `p${two(below(PRODUCTS))}`]
  const at = () => day(2 + below(LAST_DAY - 1), next() < 0.5 ? '08:30:00.000' : '17:15:30.250')
  // Tenths have no exact binary form: their sums differ with the order they are made in.
  const randomLine = () => line(product(), below(4), next() < 0.1 ? 0 : below(100) / 10)
  const events: Event[] = []
  // An id is one of its kind only: a view and an interaction may well have the same.
  for (let id = 0; events.length < count; id++) {
    const draw = next()
    if (draw < 0.25) {
      const order = { id: `new-${id}`, customerId: customer(), placedAt: at() }
      let lines: TestLine[] = Array.from({ length: 1 + below(5) }, randomLine)
      for (let revision = 1, last = 1 + below(4); revision <= last; revision++) {
        events.push({ kind: 'orders', item: { ...order, revision, lines } })
        if (next() < 0.4) lines = lines.map((one) => ({ ...one, quantity: below(one.quantity + 1) }))
        else lines = next() < 0.3 ? [] : Array.from({ length: 1 + below(5) }, randomLine)
      }
    }
    if (draw > 0.2)
      events.push({ kind: 'views', item: { id: `e${id}`, customerId: customer(), productId: product(), at: at() } })
    if (draw > 0.6) {
      const [campaignId, type] = [`campaign-${below(3)}`, TYPES[below(TYPES.length)]!]
      events.push({ kind: 'interactions', item: { id: `e${id}`, customerId: customer(), campaignId, type, at: at() } })
    }
  }
  return events
}

/** Anyhow, and some of them up to three times. */
function delivered(seed: number, events: Event[]): Event[] {
  const next = seeded(seed)
  const sent = events.flatMap((event) => Array<Event>(next() < 0.7 ? 1 : 2 + Math.floor(next() * 2)).fill(event))
  for (let at = sent.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1))
    const held = sent[at]!
    sent[at] = sent[other]!
    sent[other] = held
  }
  return sent
}

const of = (events: Event[]): Sent => {
  const sent: Sent = { orders: [], views: [], interactions: [] }
  for (const { kind, item } of events) (sent[kind] as unknown[]).push(item)
  return sent
}
const present = (sent: Sent): Partial<Market> =>
  Object.fromEntries(Object.entries(sent).filter(([, items]) => items.length > 0))

/** What is left of each order: its last revision. */
const final = (orders: TestOrder[]) => [...new Map(orders.map((order) => [order.id, order])).values()]

/** Counted from the description of BOUGHT, by nothing of the service. */
function countBought(orders: TestOrder[]): Map<string, { orders: number; quantity: number; value: number }> {
  const bought = new Map<string, { orders: number; quantity: number; value: number }>()
  for (const { customerId, lines } of orders) {
    for (const productId of new Set(lines.map((one) => one.productId))) {
      const ours = lines.filter((one) => one.productId === productId)
      const [quantity, value] = [sum(ours.map((one) => one.quantity)), sum(ours.map((one) => one.value))]
      if (quantity <= 0 || value <= 0) continue
      const before = bought.get(`${customerId} ${productId}`) ?? { orders: 0, quantity: 0, value: 0 }
      bought.set(`${customerId} ${productId}`, {
        orders: before.orders + 1,
        quantity: before.quantity + quantity,
        value: before.value + value,
      })
    }
  }
  return bought
}
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

const OFFERS = 'query ($id: ID!) { crossSell(customerId: $id) { source items { product { id } score } } }'

/** `count` events; how long it takes to settle does not grow with them. */
export function derivedFacts(count: number): void {
  describe(`After ${count} events in any order, some again and again, from four writers at once`, () => {
    const app = createTestApp({ SNAPSHOTS: 'on', RATE_LIMIT: '0' })
    const base = market()
    const events = happened(9, count)
    const customers = base.customers.map(({ id }) => id)
    let live: TestApp

    beforeAll(async () => {
      live = await startTestApp({ RATE_LIMIT: '0' })
    })
    afterAll(() => live?.stop())

    const offers = async (from: TestApp, id: string) =>
      (await from.data(OFFERS, { role: 'MARKETER', variables: { id } })).crossSell
    const allKept = async () => {
      for (const id of customers)
        await expect.poll(async () => (await offers(app, id)).source, { timeout: 120_000 }).toBe('SNAPSHOT')
    }
    async function derived() {
      const { customers, products, orders, lines, bought } = await dump(app.driver)
      const model = await train(app)
      return {
        ...{ customers, products, orders, lines, bought: bought as Bought[] },
        views: await cypher(
          app.driver,
          'MATCH (c)-[v:VIEWED]->(p) RETURN c.id AS customer, p.id AS product, properties(v) AS of ORDER BY v.id',
        ),
        interactions: await cypher(
          app.driver,
          `MATCH (c)-[:HAD]->(i:Interaction)-[:WITH]->(k)
           RETURN c.id AS customer, k.id AS campaign, properties(i) AS of ORDER BY i.id`,
        ),
        trending: await cypher(
          app.driver,
          `MATCH (:Model {id: $model})-[m:MEASURED]->(p) RETURN p.id AS product, m.customers AS customers,
             m.recent AS recent, m.before AS before, m.recentShare AS share, m.trend AS trend ORDER BY product`,
          { model },
        ),
      }
    }

    it('all that follows from them is as if each had come once and in its turn', async () => {
      await tell(app, base)
      await train(app)
      await allKept()

      const sent = delivered(4, events)
      const writer = async (first: number) => {
        const mine = sent.filter((_, at) => at % WRITERS === first)
        const next = seeded(first)
        for (let at = 0; at < mine.length; ) {
          const batch = mine.slice(at, at + 1 + Math.floor(next() * 20))
          await tell(app, present(of(batch)))
          at += batch.length
        }
      }
      await Promise.all(Array.from({ length: WRITERS }, (_, first) => writer(first)))
      await expect.poll(() => outboxSize(app.driver), { timeout: 30_000 }).toBe(0)

      await allKept()
      for (const id of customers) {
        const [kept, computed] = [await offers(app, id), await offers(live, id)]
        expect([id, kept.source, computed.source]).toEqual([id, 'SNAPSHOT', 'LIVE'])
        expect(kept.items).toEqual(
          computed.items.map((offer: { score: number }) => ({ ...offer, score: expect.closeTo(offer.score, 9) })),
        )
      }

      const ours = await derived()
      const { orders, views, interactions } = of(events)
      expect([ours.views.length, ours.interactions.length]).toEqual([
        views.length + base.views.length,
        interactions.length + base.interactions.length,
      ])
      const bought = countBought([...base.orders, ...final(orders)])
      expect(ours.bought).toHaveLength(bought.size)
      for (const { customer, product, of } of ours.bought) {
        const counted = bought.get(`${customer} ${product}`)!
        const value = expect.closeTo(counted.value, 6)
        expect([customer, product, of]).toMatchObject([customer, product, { ...counted, value }])
      }

      await emptyShop(app)
      await tell(app, base)
      for (let at = 0; at < final(orders).length; at += 500)
        await tell(app, { orders: final(orders).slice(at, at + 500) })
      for (let at = 0; at < views.length; at += 500) await tell(app, { views: views.slice(at, at + 500) })
      for (let at = 0; at < interactions.length; at += 500)
        await tell(app, { interactions: interactions.slice(at, at + 500) })
      expect(ours).toEqual(await derived())
    })
  })
}
