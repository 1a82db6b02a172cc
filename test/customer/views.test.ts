import { beforeEach, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { day, emptyShop, line, order, record } from '../support/shop.ts'

type TestView = { id: string; customerId: string; productId: string; at: string }

const RECORD_VIEWS = `mutation ($views: [ViewInput!]!) {
  recordViews(views: $views) { accepted duplicates rejected { index id code message } }
}`
const view = (id: string, customerId = 'c1', productId = 'p1', at = day(1)): TestView => ({
  id,
  customerId,
  productId,
  at,
})

describe('recordViews', () => {
  const app = createTestApp()
  beforeEach(() => emptyShop(app))

  const send = async (views: TestView[]) =>
    (await app.data(RECORD_VIEWS, { role: 'INGEST', variables: { views } })).recordViews
  const viewed = () =>
    cypher<TestView>(
      app.driver,
      `MATCH (c:Customer)-[v:VIEWED]->(p:Product)
       RETURN v.id AS id, c.id AS customerId, p.id AS productId, v.at AS at ORDER BY id`,
    )

  it('keeps each view with its moment, and notes an event of each', async () => {
    const views = [view('v1'), view('v2', 'c1', 'p1', day(2)), view('v3', 'c2', 'p2', day(3))]
    expect(await send(views)).toEqual({ accepted: 3, duplicates: 0, rejected: [] })
    expect(await viewed()).toEqual(views)
    expect(await cypher(app.driver, 'MATCH (e:Event) RETURN e.id AS id, keys(e) AS keys ORDER BY id')).toEqual(
      ['view:v1', 'view:v2', 'view:v3'].map((id) => ({ id, keys: expect.arrayContaining(['id', 'at']) })),
    )
  })

  it('counts a view once, sent again or twice in one batch; the first one stays', async () => {
    expect(await send([view('v1'), view('v1')])).toEqual({ accepted: 1, duplicates: 1, rejected: [] })
    expect(await send([view('v1', 'c9', 'p9'), view('v2')])).toEqual({ accepted: 1, duplicates: 1, rejected: [] })
    expect(await viewed()).toEqual([view('v1'), view('v2')])
    expect(await cypher(app.driver, "MATCH (n {id: 'c9'}) RETURN n.id")).toEqual([])
  })

  it('rejects bad items by place, id, code and field, and records the others', async () => {
    const result = await send([view(''), view('v1'), view('v2', ''), view('v3', 'c1', 'p\u0000')])
    expect(result).toMatchObject({ accepted: 1, duplicates: 0 })
    expect(result.rejected).toEqual([
      { index: 0, id: '', code: 'BAD_USER_INPUT', message: expect.stringMatching(/^id /) },
      { index: 2, id: 'v2', code: 'BAD_USER_INPUT', message: expect.stringMatching(/^customerId /) },
      { index: 3, id: 'v3', code: 'BAD_USER_INPUT', message: expect.stringMatching(/^productId /) },
    ])
    expect(await viewed()).toEqual([view('v1')])
  })

  it('refuses more than 1,000 views at once and takes none of them; takes 1,000', async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => view(`v${n}`, `c${n % 7}`, `p${n % 11}`))
    const { errors } = await app.ask(RECORD_VIEWS, { role: 'INGEST', variables: { views: many } })
    expect(errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'views' })
    expect(await viewed()).toEqual([])
    expect(await send(many.slice(1))).toMatchObject({ accepted: 1_000 })
  })

  it('is told of a product and a customer later, and of orders of either', async () => {
    await send([view('v1')])
    const query = '{ product(id: "p1") { name active merchandise } customer(id: "c1") { id age } }'
    expect(await app.data(query, { role: 'MARKETER' })).toEqual({
      product: { name: 'Unknown product p1', active: true, merchandise: false },
      customer: { id: 'c1', age: null },
    })
    await app.data(
      `mutation {
        upsertProducts(products: [{ id: "p1", name: "Oat milk", department: "GROCERY" }]) { accepted }
        upsertCustomers(customers: [{ id: "c1", age: "45-54" }]) { accepted }
      }`,
      { role: 'INGEST' },
    )
    await record(app, [order('o1', 'c1', day(1), [line('p1')])])
    expect(await app.data(query, { role: 'MARKETER' })).toEqual({
      product: { name: 'Oat milk', active: true, merchandise: true },
      customer: { id: 'c1', age: '45-54' },
    })
    expect(await viewed()).toEqual([view('v1')])
  })

  it('loses nothing and repeats nothing with four writers on the same products and customers', async () => {
    const parts = Array.from({ length: 4 }, (_, writer) =>
      Array.from({ length: 300 }, (_, n) => {
        const turned = writer % 2 ? 299 - n : n
        // Every third view is sent by all four.
        return view(turned % 3 === 0 ? `all-${turned}` : `${writer}-${turned}`, `c${turned % 5}`, `p${turned % 7}`)
      }),
    )
    const results = await Promise.all(parts.map(send))
    expect(results.flatMap(({ rejected }) => rejected)).toEqual([])
    expect(results.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(100 + 4 * 200)
    const ids = (await viewed()).map(({ id }) => id)
    expect(ids).toEqual([...new Set(parts.flat().map(({ id }) => id))].sort())
  })

  it.each([
    ['INGEST', undefined],
    ['ADMIN', undefined],
    ['STOREFRONT', 'FORBIDDEN'],
    ['MARKETER', 'FORBIDDEN'],
    ['ANALYST', 'FORBIDDEN'],
    ['PRIVACY_OFFICER', 'FORBIDDEN'],
  ] as const)('answers %s with %s', async (role, code) => {
    const { errors } = await app.ask(RECORD_VIEWS, { role, variables: { views: [view('v1')] } })
    expect(errors?.[0]?.extensions.code).toBe(code)
    expect(await viewed()).toHaveLength(code ? 0 : 1)
  })

  it("lets a token of one customer record that customer's views only", async () => {
    const ask = (customerId: string) =>
      app.ask(RECORD_VIEWS, { role: 'INGEST', customer: 'c1', variables: { views: [view('v1', customerId)] } })
    expect((await ask('c2')).errors![0]!.extensions.code).toBe('FORBIDDEN')
    expect((await ask('c1')).data.recordViews.accepted).toBe(1)
  })
})
