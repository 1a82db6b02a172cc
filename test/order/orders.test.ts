import { beforeEach, describe, expect, it } from 'vitest'
import { seeded } from '../../src/random.ts'
import { createTestApp } from '../support/app.ts'
import { productsIn } from '../support/counting.ts'
import { cypher } from '../support/graph.ts'
import { day, emptyShop, line, order, randomOrders, record, type TestOrder } from '../support/shop.ts'

type Bought = {
  customer: string
  product: string
  orders: number
  quantity: number
  value: number
  first: string
  last: string
}

describe('recordOrders', () => {
  const app = createTestApp()
  beforeEach(() => emptyShop(app))

  const bought = () =>
    cypher<Bought>(
      app.driver,
      `MATCH (c:Customer)-[b:BOUGHT]->(p:Product)
       RETURN c.id AS customer, p.id AS product, b.orders AS orders, b.quantity AS quantity, b.value AS value,
              b.firstAt AS first, b.lastAt AS last ORDER BY customer, product`,
    )
  const lines = (id: string) =>
    cypher<{ product: string; quantity: number; value: number; discount: number }>(
      app.driver,
      `MATCH (:Order {id: $id})-[r:CONTAINS]->(p) RETURN p.id AS product, r.quantity AS quantity, r.value AS value,
       r.discount AS discount ORDER BY product`,
      { id },
    )

  /** BOUGHT as it must be, from the newest revision of each order. */
  function expectedBought(sent: readonly TestOrder[]): Bought[] {
    const newest = new Map<string, TestOrder>()
    for (const one of sent)
      if ((one.revision ?? 1) > (newest.get(one.id)?.revision ?? 0)) newest.set(one.id, { revision: 1, ...one })
    const pairs = new Map<string, Bought>()
    for (const { customerId, placedAt, ...rest } of newest.values()) {
      for (const product of productsIn({ customerId, placedAt, ...rest })) {
        const of = rest.lines.filter(({ productId }) => productId === product)
        const known = pairs.get(`${customerId} ${product}`)
        pairs.set(`${customerId} ${product}`, {
          customer: customerId,
          product,
          orders: (known?.orders ?? 0) + 1,
          quantity: of.reduce((sum, { quantity }) => sum + quantity, known?.quantity ?? 0),
          value: of.reduce((sum, { value }) => sum + value, known?.value ?? 0),
          first: known && known.first < placedAt ? known.first : placedAt,
          last: known && known.last > placedAt ? known.last : placedAt,
        })
      }
    }
    return [...pairs.values()].sort((a, b) => (`${a.customer} ${a.product}` < `${b.customer} ${b.product}` ? -1 : 1))
  }
  const rounded = (all: Bought[]) => all.map((one) => ({ ...one, value: Math.round(one.value * 1e6) / 1e6 }))

  it('counts an order once, however often it is sent', async () => {
    const one = order('o1', 'c1', day(1), ['p1', 'p2'])
    expect(await record(app, [one])).toEqual({ accepted: 1, duplicates: 0, rejected: [] })
    const before = await bought()
    expect(await record(app, [one])).toEqual({ accepted: 0, duplicates: 1, rejected: [] })
    expect(await bought()).toEqual(before)
  })

  it('sums several lines of a product in an order', async () => {
    const twice = [line('p1', 2, 3), { ...line('p1', 1, 1.5), discount: 0.25 }, line('p2')]
    await record(app, [order('o1', 'c1', day(1), twice)])
    expect(await lines('o1')).toEqual([
      { product: 'p1', quantity: 3, value: 4.5, discount: 0.25 },
      { product: 'p2', quantity: 1, value: 1, discount: 0 },
    ])
  })

  it('replaces all lines by those of a higher revision, whichever comes first', async () => {
    const first = order('o1', 'c1', day(1), ['p1', 'p2'])
    const second = { ...order('o1', 'c1', day(1), ['p2', 'p3']), revision: 2 }
    await record(app, [first])
    await record(app, [second])
    const inOrder = [await lines('o1'), await bought()]
    await emptyShop(app)
    await record(app, [second])
    expect(await record(app, [first])).toMatchObject({ accepted: 0, duplicates: 1 })
    expect([await lines('o1'), await bought()]).toEqual(inOrder)
    expect((await lines('o1')).map(({ product }) => product)).toEqual(['p2', 'p3'])
  })

  it('takes back what a cancelled order had bought', async () => {
    await record(app, [order('o1', 'c1', day(1), ['p1']), order('o2', 'c1', day(2), ['p1', 'p2'])])
    await record(app, [{ ...order('o2', 'c1', day(2), []), revision: 2 }])
    expect(await bought()).toMatchObject([{ product: 'p1', orders: 1, last: day(1) }])
  })

  it('keeps lines without quantity or value in the order, and out of what was bought', async () => {
    await record(app, [order('o1', 'c1', day(1), [line('p1', 0, 1), line('p2', 1, 0), line('p3')])])
    expect(await lines('o1')).toHaveLength(3)
    expect((await bought()).map(({ product }) => product)).toEqual(['p3'])
  })

  it('rejects bad items by place, id, code and message, and records the others', async () => {
    const bad = [
      order('', 'c1', day(1), ['p1']),
      order('minus', 'c1', day(1), [line('p1', -1, 1)]),
      { ...order('zero', 'c1', day(1), ['p1']), revision: 0 },
      { ...order('store', 'c1', day(1), ['p1']), storeId: 's'.repeat(201) },
      { ...order('channel', 'c1', day(1), ['p1']), channel: 'c'.repeat(101) },
    ]
    const result = await record(app, [bad[0]!, order('good', 'c1', day(1), ['p1']), ...bad.slice(1)])
    expect(result).toMatchObject({ accepted: 1, duplicates: 0 })
    expect(result.rejected).toMatchObject([
      { index: 0, id: '', code: 'BAD_USER_INPUT', message: expect.stringContaining('id') },
      { index: 2, id: 'minus', code: 'BAD_USER_INPUT', message: expect.stringContaining('lines[0].quantity') },
      { index: 3, id: 'zero', code: 'BAD_USER_INPUT', message: expect.stringContaining('revision') },
      { index: 4, id: 'store', code: 'BAD_USER_INPUT', message: expect.stringContaining('storeId has 201') },
      { index: 5, id: 'channel', code: 'BAD_USER_INPUT', message: expect.stringContaining('channel has 101') },
    ])
    expect(await lines('good')).toHaveLength(1)
  })

  it("refuses another customer's order, recorded before or in the same batch", async () => {
    await record(app, [order('o1', 'c1', day(1), ['p1'])])
    const stolen = { ...order('o1', 'c2', day(1), ['p2']), revision: 2 }
    expect((await record(app, [stolen])).rejected).toMatchObject([{ index: 0, id: 'o1', code: 'CONFLICT' }])
    const both = await record(app, [order('o2', 'c1', day(1), ['p1']), order('o2', 'c2', day(1), ['p1'])])
    expect(both).toMatchObject({ accepted: 1, rejected: [{ index: 1, code: 'CONFLICT' }] })
    expect((await bought()).map(({ customer }) => customer)).toEqual(['c1'])
  })

  it('leaves no customer behind of whom no order was taken', async () => {
    await record(app, [order('o1', 'c1', day(1), ['p1'])])
    const stolen = { ...order('o1', 'c2', day(1), ['p2']), revision: 2 }
    await record(app, [stolen, order('o3', 'c3', day(1), ['p1'])])
    expect(await cypher(app.driver, 'MATCH (c:Customer) RETURN c.id AS id ORDER BY id')).toEqual([
      { id: 'c1' },
      { id: 'c3' },
    ])
  })

  it('records the orders of fifty writers about one customer, none of them refused', async () => {
    await record(app, [order('first', 'c1', day(1), ['p1'])])
    const writers = Array.from({ length: 50 }, (_, n) => order(`o${n}`, 'c1', day(1), ['p1', `p${n}`]))
    const results = await Promise.all(writers.map((one) => record(app, [one])))
    expect(results.map(({ accepted }) => accepted)).toEqual(Array(50).fill(1))
    expect((await bought()).find(({ product }) => product === 'p1')).toMatchObject({ orders: 51, quantity: 52 })
    const metrics = await (await fetch(`${app.url}/metrics`)).text()
    expect(metrics).not.toContain('alongside_statement_retries_total{')
  })

  it('takes two revisions in one batch, the higher one counts', async () => {
    const revised = { ...order('o1', 'c1', day(1), ['p2']), revision: 2 }
    expect(await record(app, [revised, order('o1', 'c1', day(1), ['p1'])])).toEqual({
      accepted: 2,
      duplicates: 0,
      rejected: [],
    })
    expect((await bought()).map(({ product }) => product)).toEqual(['p2'])
  })

  it('refuses more than 1,000 orders at once, and takes none of them', async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => order(`o${n}`, 'c1', day(1), []))
    const query = 'mutation ($orders: [OrderInput!]!) { recordOrders(orders: $orders) { accepted } }'
    const { errors } = await app.ask(query, { role: 'INGEST', variables: { orders: many } })
    expect(errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'orders' })
    expect(await cypher(app.driver, 'MATCH (o:Order) RETURN o.id AS id')).toEqual([])
  })

  it('keeps BOUGHT equal to a count from nothing, through revisions, cancellations and duplicates in any order', async () => {
    const next = seeded(5)
    const first = randomOrders(3, 12, 5)
    const revisions = first.flatMap((one, n) =>
      next() < 0.5
        ? [{ ...one, revision: 2, lines: n % 7 === 0 ? [] : first[Math.floor(next() * first.length)]!.lines }]
        : [],
    )
    const sent = [...first, ...revisions, ...first.slice(0, 10)].sort(() => next() - 0.5)
    for (let at = 0; at < sent.length; at += 25) await record(app, sent.slice(at, at + 25))
    expect(rounded(await bought())).toEqual(rounded(expectedBought(sent)))
  })

  it('loses nothing with eight writers on the same hot products', async () => {
    const orders = randomOrders(9, 16, 8, 10)
    const parts = Array.from({ length: 8 }, (_, writer) => orders.filter((_order, n) => n % 8 === writer))
    const results = await Promise.all(parts.map((part) => record(app, part)))
    expect(results.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(orders.length)
    expect(rounded(await bought())).toEqual(rounded(expectedBought(orders)))
  })
})
