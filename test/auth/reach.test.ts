import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isObjectType,
} from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { readersOf } from '../../src/auth/permissions.ts'
import { ROLES } from '../../src/auth/viewer.ts'
import { createBareSchema } from '../../src/schema.ts'
import { createTestApp } from '../support/app.ts'

const SHOP = ['product', 'products', 'productsConnection', 'categories', 'categoriesConnection']
const OFFERS = ['crossSell', 'completeBasket', 'explain', 'affinities', 'offersChanged', 'me']
/** What a STOREFRONT must not learn of, not even by filtering. */
const CLOSED = /^(Customer|Order|Campaign|Coupon|Segment|Consent|Interaction)(?!Input$)/

describe('What lies within reach', () => {
  const app = createTestApp()
  let schema: GraphQLSchema
  let roots: GraphQLField<unknown, unknown>[]

  beforeAll(async () => {
    schema = await createBareSchema()
    roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}),
    )
  })

  /** Every type that the fields lead to, through results and through arguments. */
  function typesFrom(fields: GraphQLField<unknown, unknown>[]): Map<string, GraphQLNamedType> {
    const reached = new Map<string, GraphQLNamedType>()
    const visit = (type: GraphQLNamedType) => {
      if (reached.has(type.name)) return
      reached.set(type.name, type)
      if (isObjectType(type)) Object.values(type.getFields()).forEach(follow)
      if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) visit(getNamedType(field.type))
    }
    const follow = (field: GraphQLField<unknown, unknown>) => {
      visit(getNamedType(field.type))
      for (const arg of field.args) visit(getNamedType(arg.type))
    }
    fields.forEach(follow)
    return reached
  }

  it('from the fields of a STOREFRONT neither a result nor a filter leads to customers, orders or campaigns', () => {
    const fields = roots.filter(({ name }) => [...SHOP, ...OFFERS].includes(name))
    expect(fields.map(({ name }) => name)).toEqual(expect.arrayContaining(['products', 'categories', 'crossSell']))
    const reached = [...typesFrom(fields).keys()]
    expect(reached).toEqual(expect.arrayContaining(['Product', 'ProductWhere', 'Category', 'Offer']))
    expect(reached.filter((name) => CLOSED.test(name))).toEqual([])
  })

  it('the readers of each type are those who have a root field that leads to it, and nobody else', async () => {
    const readers = readersOf(schema)
    for (const role of ROLES) {
      const { me } = await app.data('{ me { permissions } }', { role })
      const allowed = new Set<string>(me.permissions)
      const fields = roots.filter(({ name }) => allowed.has(name.replace(/Connection$/, '')) || allowed.has(name))
      const results = [...typesFrom(fields).values()].filter(isObjectType).map(({ name }) => name)
      const readable = [...readers].filter(([, roles]) => roles.has(role)).map(([name]) => name)
      expect(readable.sort(), role).toEqual(results.sort())
    }
  })

  it('me names the permissions that there are, and no others', async () => {
    const names = new Set(roots.map(({ name }) => name))
    for (const role of ROLES) {
      const { me } = await app.data('{ me { subject role customer permissions } }', { role })
      expect(me).toMatchObject({ subject: role.toLowerCase(), role, customer: null })
      expect(me.permissions).toContain('me')
      expect(
        me.permissions.filter((name: string) => !names.has(name)),
        role,
      ).toEqual([])
    }
  })

  it('margin is in no filter and no order of products', () => {
    for (const name of [
      'ProductWhere',
      'ProductSort',
      'ProductCategoriesConnectionWhere',
      'OrderProductsConnectionWhere',
    ]) {
      const type = schema.getType(name)
      expect(type, name).toBeDefined()
      if (!isInputObjectType(type)) throw new Error(`${name} is no input`)
      expect(
        Object.keys(type.getFields()).filter((field) => /margin/i.test(field)),
        name,
      ).toEqual([])
    }
  })
})
