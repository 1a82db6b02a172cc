import { beforeAll, describe, expect, it } from 'vitest'
import { WEIGHTS } from '../../src/modules/model/parameters.ts'
import { createTestApp } from '../support/app.ts'
import { day, describeProducts, order, record, train } from '../support/shop.ts'

describe('product, customer, models and me', () => {
  const app = createTestApp()
  beforeAll(async () => {
    await record(app, [order('o1', 'c1', day(1), ['p1', 'p2']), order('o2', 'c1', day(2), ['p1'])])
    await describeProducts(app, [{ id: 'p1', name: 'Oat milk', margin: 0.3 }, { id: 'p2' }])
  })

  it('finds one product by its id, with whatever is selected below', async () => {
    const query =
      '{ product(id: "p1") { again: id name margin categories { name } categoriesConnection { totalCount } } }'
    expect((await app.data(query, { role: 'MARKETER' })).product).toEqual({
      again: 'p1',
      name: 'Oat milk',
      margin: 0.3,
      categories: [],
      categoriesConnection: { totalCount: 0 },
    })
  })

  it('finds one customer with their orders, sorted and filtered as asked', async () => {
    const query = `{ customer(id: "c1") { id orders(sort: [{ placedAt: DESC }], limit: 1) { id placedAt products { id } } } }`
    expect((await app.data(query, { role: 'ANALYST' })).customer).toEqual({
      id: 'c1',
      orders: [{ id: 'o2', placedAt: day(2), products: [{ id: 'p1' }] }],
    })
  })

  it('lets the privacy officer read one customer, and list none', async () => {
    expect((await app.data('{ customer(id: "c1") { id } }', { role: 'PRIVACY_OFFICER' })).customer).toEqual({
      id: 'c1',
    })
    const denied = await app.ask('{ customers { id } }', { role: 'PRIVACY_OFFICER' })
    expect(denied.errors![0]!.extensions.code).toBe('FORBIDDEN')
  })

  it.each(['product', 'customer'])('names a %s that does not exist, and refuses an impossible id', async (field) => {
    const ask = (id: string) =>
      app.ask(`query ($id: ID!) { ${field}(id: $id) { id } }`, { role: 'MARKETER', variables: { id } })
    const missing = await ask('nothing')
    expect(missing.data).toEqual({ [field]: null })
    expect(missing.errors![0]).toMatchObject({
      message: expect.stringContaining('nothing'),
      extensions: { code: 'NOT_FOUND' },
    })
    expect((await ask('a\u0000b')).errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'id' })
  })

  it('loads several products in one operation by one statement each place', async () => {
    const query = '{ a: product(id: "p1") { id } b: product(id: "p2") { name } }'
    expect(await app.data(query, { role: 'STOREFRONT' })).toEqual({ a: { id: 'p1' }, b: { name: 'Product p2' } })
  })

  it('lists models newest first, the active one among them', async () => {
    const first = await train(app)
    const second = await train(app)
    const { models } = await app.data('{ models { id status progress weights trainedAt } }', { role: 'ANALYST' })
    expect(models.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
      [second, 'ACTIVE'],
      [first, 'READY'],
    ])
    expect(models[0]).toMatchObject({ progress: 1, weights: WEIGHTS })
  })

  it('tells who is asking and what they may use', async () => {
    const { me } = await app.data('{ me { subject role customer permissions } }', {
      role: 'STOREFRONT',
      customer: 'c1',
    })
    expect(me).toMatchObject({ subject: 'storefront', role: 'STOREFRONT', customer: 'c1' })
    expect(me.permissions).toContain('crossSell')
    expect(me.permissions).not.toContain('customers')
  })
})
