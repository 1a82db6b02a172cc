import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery, isObjectType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { ROLES } from '../../src/auth/viewer.ts'
import { createTestApp } from '../support/app.ts'
import { connectTo, firstOf } from '../support/sockets.ts'
import { ORACLE } from './oracle.ts'

const app = createTestApp()

const rootFields = (schema: GraphQLSchema) =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
    .flatMap((type) => Object.keys(type?.getFields() ?? {}))
    .sort()
const told = async (role?: (typeof ROLES)[number]) =>
  buildClientSchema(await app.data(getIntrospectionQuery(), role ? { role } : {}))

describe('The schema a role is told of', () => {
  it.each(ROLES)('to %s holds the root fields it may use, and no other', async (role) => {
    const told = buildClientSchema(await app.data(getIntrospectionQuery(), { role }))
    const connections = /Connection$/
    const may = (field: string) => ORACLE[field.replace(connections, '')]!.includes(role)
    const all = rootFields(buildClientSchema(await app.data(getIntrospectionQuery())))
    expect(rootFields(told)).toEqual(all.filter(may))
  })

  it('is the same over a socket', async () => {
    const { client } = connectTo(app, await app.token('STOREFRONT'))
    const { data } = await firstOf(client, getIntrospectionQuery())
    await client.dispose()
    expect(data).toEqual(await app.data(getIntrospectionQuery(), { role: 'STOREFRONT' }))
  })

  it('leaves out what a role may not read of a type, and types that nothing leads to', async () => {
    const storefront = await told('STOREFRONT')
    for (const hidden of ['Customer', 'Order', 'Campaign', 'Segment', 'Coupon']) {
      expect(isObjectType(storefront.getType(hidden))).toBe(false)
    }
    const fields = (schema: GraphQLSchema, name: string) => {
      const type = schema.getType(name)
      return isObjectType(type) ? Object.keys(type.getFields()) : []
    }
    expect(fields(storefront, 'Product')).not.toContain('margin')
    expect(fields(await told('MARKETER'), 'Product')).toContain('margin')
    expect(fields(await told('MARKETER'), 'Customer')).not.toContain('email')
    expect(fields(await told('PRIVACY_OFFICER'), 'Customer')).toContain('email')
  })

  it('is not what decides: a hidden field is refused, as before', async () => {
    const { errors } = await app.ask('{ models { id } }', { role: 'STOREFRONT' })
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })
})
