import { beforeEach, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { day, emptyShop, order, record } from '../support/shop.ts'

type TestProduct = { id: string; name: string } & Record<string, string | number | boolean | null>

const UPSERT = `mutation ($products: [ProductInput!]!) {
  upsertProducts(products: $products) { accepted duplicates rejected { index id code message } }
}`
const MILK = {
  id: 'p1',
  name: 'Oat milk',
  brand: 'Fieldwell',
  department: 'GROCERY',
  category: 'MILK',
  type: 'PLANT MILK',
  packageSize: '1 L',
  manufacturerId: 'm1',
  price: 1.79,
  margin: 0.25,
  active: true,
}

describe('upsertProducts', () => {
  const app = createTestApp()
  beforeEach(() => emptyShop(app))

  const send = async (products: TestProduct[]) =>
    (await app.data(UPSERT, { role: 'INGEST', variables: { products } })).upsertProducts
  const product = async (id = 'p1') => {
    const query = `{ product(id: "${id}") {
      id name brand department category type packageSize manufacturerId price margin active merchandise
      categories { id name level parents { id name level parents { id name level } } }
    } }`
    return (await app.data(query, { role: 'ADMIN' })).product
  }
  const GROCERY = { id: 'department:GROCERY', name: 'GROCERY', level: 'DEPARTMENT' }

  it('describes a product, in its type, below its category, below its department', async () => {
    expect(await send([MILK])).toEqual({ accepted: 1, duplicates: 0, rejected: [] })
    const category = { id: 'category:MILK', name: 'MILK', level: 'CATEGORY', parents: [GROCERY] }
    expect(await product()).toEqual({
      ...MILK,
      merchandise: true,
      categories: [{ id: 'MILK | PLANT MILK', name: 'PLANT MILK', level: 'TYPE', parents: [category] }],
    })
    expect(await cypher(app.driver, 'MATCH (p:Product) WHERE p.isNew IS NOT NULL RETURN p.id')).toEqual([])
  })

  it('puts a product with a department alone in its department', async () => {
    await send([{ id: 'p1', name: 'Voucher', department: 'GROCERY' }])
    expect((await product()).categories).toEqual([{ ...GROCERY, parents: [] }])
  })

  it('counts as a duplicate what changes nothing', async () => {
    await send([MILK])
    expect(await send([MILK, { id: 'p1', name: 'Oat milk' }])).toEqual({ accepted: 0, duplicates: 2, rejected: [] })
  })

  it('keeps what is left out and removes what is null', async () => {
    await send([MILK])
    expect(await send([{ id: 'p1', name: 'Oat milk', price: 2, brand: null }])).toMatchObject({ accepted: 1 })
    expect(await product()).toMatchObject({ ...MILK, price: 2, brand: null })
  })

  it('takes active as true unless said otherwise', async () => {
    await send([{ ...MILK, active: false }])
    expect((await product()).active).toBe(false)
    await send([{ id: 'p1', name: 'Oat milk' }])
    expect((await product()).active).toBe(true)
  })

  it.each([
    [{ type: 'DAIRY MILK' }, 'MILK | DAIRY MILK'],
    [{ category: 'DRINKS' }, 'DRINKS | PLANT MILK'],
    [{ department: 'DRUG GM' }, 'MILK | PLANT MILK'],
    [{ type: null }, 'MILK | ?'],
    [{ type: null, category: null }, 'department:GROCERY'],
    [{ type: null, category: null, department: null }, undefined],
  ])('moves a product whose levels change to %j', async (change, id) => {
    await send([MILK])
    expect(await send([{ id: 'p1', name: 'Oat milk', ...change } as TestProduct])).toMatchObject({ accepted: 1 })
    const { categories } = await product()
    expect(categories.map((category: { id: string }) => category.id)).toEqual(id ? [id] : [])
  })

  it('tells merchandise from what is sold by volume, or not at all', async () => {
    const departments = ['GROCERY', 'FUEL', null]
    await send(departments.map((department, n) => ({ id: `p${n}`, name: 'x', department })))
    await send([{ id: 'p3', name: 'x', department: 'GROCERY', category: 'COUPON' }])
    const found = await cypher(app.driver, 'MATCH (p:Product) RETURN p.merchandise AS is ORDER BY p.id')
    expect(found).toEqual([{ is: true }, { is: false }, { is: false }, { is: false }])
    await send([{ id: 'p0', name: 'x', department: 'FUEL' }])
    expect((await product('p0')).merchandise).toBe(false)
  })

  it('takes the same product several times in one batch, the last word counts', async () => {
    const moves = ['A', 'B', 'B'].map((category) => ({ ...MILK, category }))
    expect(await send(moves)).toEqual({ accepted: 2, duplicates: 1, rejected: [] })
    expect((await product()).categories).toMatchObject([{ id: 'B | PLANT MILK' }])
    await send([
      { ...MILK, category: 'A' },
      { ...MILK, category: 'B' },
    ])
    expect((await product()).categories).toMatchObject([{ id: 'B | PLANT MILK' }])
  })

  it('describes a product an order has named before, and keeps the order', async () => {
    await record(app, [order('o1', 'c1', day(1), ['p1'])])
    expect((await product()).name).toBe('Unknown product p1')
    expect(await send([MILK])).toMatchObject({ accepted: 1 })
    await record(app, [order('o2', 'c1', day(2), ['p1'])])
    expect(await product()).toMatchObject({ ...MILK, merchandise: true })
    expect(await cypher(app.driver, 'MATCH (:Customer)-[b:BOUGHT]->() RETURN b.orders AS orders')).toEqual([
      { orders: 2 },
    ])
  })

  it('rejects bad values naming the field, and describes the others', async () => {
    const bad: [Partial<typeof MILK>, RegExp][] = [
      [{ id: '' }, /^id /],
      [{ name: ' ' }, /^name /],
      [{ name: 'x'.repeat(201) }, /^name /],
      [{ brand: '' }, /^brand /],
      [{ department: 'x'.repeat(91) }, /^department /],
      [{ category: 'A | B' }, /^category /],
      [{ type: 'a\u0000' }, /^type /],
      [{ packageSize: '' }, /^packageSize /],
      [{ manufacturerId: '' }, /^manufacturerId /],
      [{ price: -0.01 }, /^price /],
      [{ margin: 1.01 }, /^margin /],
      [{ margin: -0.01 }, /^margin /],
    ]
    const result = await send([...bad.map(([values], n) => ({ ...MILK, id: `bad${n}`, ...values })), MILK])
    expect(result).toMatchObject({ accepted: 1, duplicates: 0 })
    expect(result.rejected).toEqual(
      bad.map(([values, message], index) => ({
        index,
        id: values.id ?? `bad${index}`,
        code: 'BAD_USER_INPUT',
        message: expect.stringMatching(message),
      })),
    )
    expect(await cypher(app.driver, 'MATCH (p:Product) RETURN p.id AS id')).toEqual([{ id: 'p1' }])
  })

  it('refuses more than 1,000 products at once and takes none of them; takes 1,000', async () => {
    const products = Array.from({ length: 1_001 }, (_, n) => ({ ...MILK, id: `p${n}`, type: `TYPE ${n % 300}` }))
    const { errors } = await app.ask(UPSERT, { role: 'INGEST', variables: { products } })
    expect(errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'products' })
    expect(await cypher(app.driver, 'MATCH (p:Product) RETURN p.id')).toEqual([])
    expect(await send(products.slice(1))).toMatchObject({ accepted: 1_000 })
  })

  it('never leaves a product in two types, with four writers of the same products, and orders of them beside', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `p${String(n).padStart(3, '0')}`)
    const writer = (n: number) =>
      send(
        (n % 2 ? [...ids].reverse() : ids).map((id, at) => ({
          ...MILK,
          id,
          category: `CATEGORY ${(at + n) % 5}`,
          type: `TYPE ${n}-${at % 3}`,
        })),
      )
    const orders = ids.map((id, n) => order(`o${n}`, `c${n % 6}`, day(1), [id, ids[(n * 37) % 100]!]))
    const [recorded, ...results] = await Promise.all([record(app, orders), ...[0, 1, 2, 3].map(writer)])
    expect(recorded).toEqual({ accepted: 100, duplicates: 0, rejected: [] })
    expect(results).toEqual([0, 1, 2, 3].map(() => ({ accepted: 100, duplicates: 0, rejected: [] })))
    const found = await cypher<{ id: string; ok: boolean }>(
      app.driver,
      `MATCH (p:Product)
       RETURN p.id AS id, COLLECT { MATCH (p)-[:IN_CATEGORY]->(t) RETURN t.id } = [p.category + ' | ' + p.type] AS ok
       ORDER BY id`,
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
    const { errors } = await app.ask(UPSERT, { role, variables: { products: [MILK] } })
    expect(errors?.[0]?.extensions.code).toBe(code)
  })
})
