import { beforeEach, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { day, emptyShop, order, record } from '../support/shop.ts'

type TestCustomer = { id: string } & Partial<
  Record<'age' | 'income' | 'householdSize' | 'language' | 'timeZone', string | null>
>

const UPSERT = `mutation ($customers: [CustomerInput!]!) {
  upsertCustomers(customers: $customers) { accepted duplicates rejected { index id code message } }
}`
const ANNA = { id: 'c1', age: '45-54', income: '50-74K', householdSize: '2', language: 'pl', timeZone: 'Europe/Warsaw' }

describe('upsertCustomers', () => {
  const app = createTestApp()
  beforeEach(() => emptyShop(app))

  const send = async (customers: TestCustomer[]) =>
    (await app.data(UPSERT, { role: 'INGEST', variables: { customers } })).upsertCustomers
  const customer = async (id = 'c1') => {
    const query = `{ customer(id: "${id}") { id age income householdSize language timeZone } }`
    return (await app.data(query, { role: 'ANALYST' })).customer
  }
  const groups = async (id = 'c1') =>
    (
      await cypher<{ id: string }>(
        app.driver,
        'MATCH (:Customer {id: $id})-[:BELONGS_TO]->(g) RETURN g.id AS id ORDER BY id',
        { id },
      )
    ).map((group) => group.id)

  it('describes a customer, who then belongs to a group for each attribute', async () => {
    expect(await send([ANNA])).toEqual({ accepted: 1, duplicates: 0, rejected: [] })
    expect(await customer()).toEqual(ANNA)
    expect(await groups()).toEqual(['age:45-54', 'householdSize:2', 'income:50-74K'])
    expect(await cypher(app.driver, "MATCH (g:Group {id: 'age:45-54'}) RETURN g {.*} AS g")).toEqual([
      { g: { id: 'age:45-54', attribute: 'age', value: '45-54' } },
    ])
    expect(await cypher(app.driver, 'MATCH (c:Customer) WHERE c.isNew IS NOT NULL RETURN c.id')).toEqual([])
  })

  it('counts as a duplicate what changes nothing, also of a customer of whom nothing is known', async () => {
    expect(await send([ANNA, { id: 'c2' }])).toMatchObject({ accepted: 2, duplicates: 0 })
    expect(await send([ANNA, { id: 'c2' }, { id: 'c1', age: '45-54' }])).toMatchObject({ accepted: 0, duplicates: 3 })
  })

  it('keeps what is left out, removes what is null, and moves to the group of the new value', async () => {
    await send([ANNA])
    expect(await send([{ id: 'c1', age: '55-64', income: null }])).toMatchObject({ accepted: 1 })
    expect(await customer()).toEqual({ ...ANNA, age: '55-64', income: null })
    expect(await groups()).toEqual(['age:55-64', 'householdSize:2'])
  })

  it('takes the same customer several times in one batch, the last word counts', async () => {
    expect(await send([ANNA, { id: 'c1', age: '19-24' }, { id: 'c1', age: '65+' }, { id: 'c1', age: '65+' }])).toEqual({
      accepted: 3,
      duplicates: 1,
      rejected: [],
    })
    expect((await customer()).age).toBe('65+')
    expect(await groups()).toEqual(['age:65+', 'householdSize:2', 'income:50-74K'])
    await send([
      { id: 'c1', age: '19-24' },
      { id: 'c1', age: '65+' },
    ])
    expect(await groups()).toEqual(['age:65+', 'householdSize:2', 'income:50-74K'])
  })

  it('describes a customer an order has named before, and keeps the order', async () => {
    await record(app, [order('o1', 'c1', day(1), ['p1'])])
    await send([ANNA])
    const query = '{ customer(id: "c1") { age orders { id } } }'
    expect((await app.data(query, { role: 'ANALYST' })).customer).toEqual({ age: '45-54', orders: [{ id: 'o1' }] })
  })

  it('writes a language and a time zone in their canonical spelling', async () => {
    await send([{ id: 'c1', language: 'en-gb', timeZone: 'europe/warsaw' }])
    expect(await customer()).toMatchObject({ language: 'en-GB', timeZone: 'Europe/Warsaw' })
    expect(await send([{ id: 'c1', timeZone: 'Asia/Kolkata' }])).toMatchObject({ accepted: 1 })
    expect(await customer()).toMatchObject({ timeZone: 'Asia/Kolkata' })
  })

  it('rejects bad values naming the field, and describes the others', async () => {
    const bad: [Omit<TestCustomer, 'id'> & { id?: string }, RegExp][] = [
      [{ id: '' }, /^id /],
      [{ language: 'not a language' }, /^language .*BCP 47/],
      [{ language: '' }, /^language /],
      [{ language: `x${'-abcdefgh'.repeat(12)}` }, /^language /],
      [{ timeZone: 'Europe/Nowhere' }, /^timeZone .*IANA/],
      [{ timeZone: '+02:00' }, /^timeZone /],
      [{ age: '' }, /^age /],
      [{ income: 'x'.repeat(101) }, /^income /],
      [{ householdSize: 'a\nb' }, /^householdSize /],
      [{ id: 'half\ud83d' }, /^id .*surrogate/],
      [{ age: '\udc08' }, /^age .*surrogate/],
    ]
    const result = await send([...bad.map(([values], n) => ({ id: `bad${n}`, ...values })), ANNA])
    expect(result).toMatchObject({ accepted: 1, duplicates: 0 })
    expect(result.rejected).toEqual(
      bad.map(([values], index) => ({
        index,
        id: values.id ?? `bad${index}`,
        code: 'BAD_USER_INPUT',
        message: expect.stringMatching(bad[index]![1]),
      })),
    )
    expect(await cypher(app.driver, 'MATCH (c:Customer) RETURN c.id AS id')).toEqual([{ id: 'c1' }])
  })

  it('refuses more than 1,000 customers at once and takes none of them', async () => {
    const customers = Array.from({ length: 1_001 }, (_, n) => ({ id: `c${n}` }))
    const { errors } = await app.ask(UPSERT, { role: 'INGEST', variables: { customers } })
    expect(errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'customers' })
    expect(await cypher(app.driver, 'MATCH (c:Customer) RETURN c.id')).toEqual([])
    expect(await send(customers.slice(1))).toMatchObject({ accepted: 1_000 })
  })

  it('never leaves a customer in two groups of an attribute, with four writers of the same customers', async () => {
    const ages = ['19-24', '25-34', '35-44', '45-54']
    const ids = Array.from({ length: 120 }, (_, n) => `c${String(n).padStart(3, '0')}`)
    const results = await Promise.all(
      ages.map((age, writer) => send((writer % 2 ? [...ids].reverse() : ids).map((id) => ({ id, age })))),
    )
    expect(results).toEqual(ages.map(() => ({ accepted: ids.length, duplicates: 0, rejected: [] })))
    const found = await cypher<{ id: string; ok: boolean }>(
      app.driver,
      `MATCH (c:Customer)
       RETURN c.id AS id, COLLECT { MATCH (c)-[:BELONGS_TO]->(g) RETURN g.id } = ['age:' + c.age] AS ok ORDER BY id`,
    )
    expect(found).toEqual(ids.map((id) => ({ id, ok: true })))
  })

  it.each([
    ['INGEST', undefined],
    ['ADMIN', undefined],
    ['STOREFRONT', 'FORBIDDEN'],
    ['MARKETER', 'FORBIDDEN'],
    ['ANALYST', 'FORBIDDEN'],
    ['PRIVACY_OFFICER', 'FORBIDDEN'],
  ] as const)('answers %s with %s', async (role, code) => {
    const { errors } = await app.ask(UPSERT, { role, variables: { customers: [ANNA] } })
    expect(errors?.[0]?.extensions.code).toBe(code)
  })

  it('lets a token of one customer describe no other', async () => {
    const customers = [ANNA, { ...ANNA, id: 'c2' }]
    const { data } = await app.ask(UPSERT, { role: 'INGEST', customer: 'c1', variables: { customers } })
    expect(data.upsertCustomers).toMatchObject({ accepted: 1, rejected: [{ index: 1, id: 'c2', code: 'FORBIDDEN' }] })
    expect(await groups('c2')).toEqual([])
  })
})
