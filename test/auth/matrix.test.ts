import { type GraphQLSchema, isObjectType } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { readersOf } from '../../src/auth/permissions.ts'
import { createBareSchema } from '../../src/schema.ts'
import { createTestApp } from '../support/app.ts'
import { day, order, record } from '../support/shop.ts'

const [S, M, D] = ['STOREFRONT', 'MARKETER', 'ADMIN'] as const

describe('Who may use what', () => {
  const app = createTestApp()
  let schema: GraphQLSchema
  beforeAll(async () => {
    schema = await createBareSchema()
    await record(app, [order('o1', 'c1', day(1), ['p1'])])
  })

  it('leads STOREFRONT to no customer, order, campaign or coupon, by whatever path', () => {
    const readers = readersOf(schema)
    for (const type of ['Customer', 'Order', 'Campaign', 'Coupon'])
      expect(readers.get(type)?.has(S) ?? false, type).toBe(false)
    expect(readers.get('Product')!.has(S)).toBe(true)
  })

  it('has a reader for every type, so that none is reachable unguarded', () => {
    const types = Object.values(schema.getTypeMap()).filter(
      (type) =>
        isObjectType(type) && !type.name.startsWith('__') && !['Query', 'Mutation', 'Subscription'].includes(type.name),
    )
    expect(types.map(({ name }) => name).filter((name) => !readersOf(schema).has(name))).toEqual([])
  })

  it('hides margin from STOREFRONT, and lets nobody guess it by filtering or sorting', async () => {
    const query = '{ products { id margin } }'
    const hidden = await app.ask(query, { role: S })
    expect(hidden.errors![0]!.extensions.code).toBe('FORBIDDEN')
    expect(hidden.data).toBeUndefined()
    expect((await app.ask(query, { role: M })).errors).toBeUndefined()
    for (const guess of ['products(where: { margin: { gt: 0 } })', 'products(sort: [{ margin: ASC }])']) {
      expect((await app.ask(`{ ${guess} { id } }`, { role: S })).errors![0]!.extensions.code).toBe('BAD_USER_INPUT')
    }
  })

  it('shows STOREFRONT only id, status and trainedAt of a model', async () => {
    await app.services.model.activate(await app.services.model.train())
    const field = (name: string) => app.ask(`{ crossSell(customerId: "c1") { model { ${name} } } }`, { role: S })
    for (const name of ['id', 'status', 'trainedAt']) expect((await field(name)).errors, name).toBeUndefined()
    for (const name of ['weights', 'metrics', 'dataUntil', 'progress']) {
      expect((await field(name)).errors?.[0]?.extensions.code, name).toBe('FORBIDDEN')
    }
  })

  it('holds a token to its customer, whether the other exists or not', async () => {
    const ask = (id: string) => app.ask(`{ crossSell(customerId: "${id}") { note } }`, { role: S, customer: 'c1' })
    expect((await ask('c1')).errors).toBeUndefined()
    for (const id of ['c2', 'nobody']) expect((await ask(id)).errors![0]!.extensions.code).toBe('FORBIDDEN')
  })

  it('holds a token to its customer in every argument, and from lists of many', async () => {
    const bound = { role: D, customer: 'c1' } as const
    const orders = [order('mine', 'c1', day(2), ['p1']), order('theirs', 'c2', day(2), ['p1'])]
    const sent = await app.ask('mutation ($orders: [OrderInput!]!) { recordOrders(orders: $orders) { accepted } }', {
      ...bound,
      variables: { orders },
    })
    expect(sent.errors![0]!.extensions.code).toBe('FORBIDDEN')
    for (const query of [
      '{ customers { id } }',
      '{ ordersConnection { totalCount } }',
      '{ customer(id: "c2") { id } }',
    ]) {
      expect((await app.ask(query, bound)).errors![0]!.extensions.code, query).toBe('FORBIDDEN')
    }
    expect((await app.ask('{ customer(id: "c1") { id } }', bound)).data.customer).toEqual({ id: 'c1' })
  })

  it('answers an anonymous __typename and nothing else', async () => {
    expect(await app.ask('{ __typename }')).toMatchObject({ status: 200, data: { __typename: 'Query' } })
    const bad = await app.ask('{ me { role } }', { token: 'nonsense' })
    expect(bad).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })
})
