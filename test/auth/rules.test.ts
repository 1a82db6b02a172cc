import { GraphQLError, type GraphQLObjectType, type GraphQLSchema } from 'graphql'
import { applyMiddleware } from 'graphql-middleware'
import { beforeAll, describe, expect, it } from 'vitest'
import { createPermissions, type Rules, rulesOf } from '../../src/auth/permissions.ts'
import { ROLES, type Role } from '../../src/auth/viewer.ts'
import type { Context } from '../../src/context.ts'
import { DomainError } from '../../src/errors.ts'
import { createBareSchema } from '../../src/schema.ts'
import { asking } from '../support/viewers.ts'
import { readable } from './oracle.ts'

/** graphql-shield by itself, as it stands behind the admission: each resolver is called as an execution would call it. */
describe('The rules while an operation runs', () => {
  let bare: GraphQLSchema
  let rules: Rules
  let readers: ReturnType<typeof readable>

  beforeAll(async () => {
    bare = await createBareSchema()
    rules = rulesOf(bare)
    readers = readable(bare)
  })

  const guarded = (by: Rules) => applyMiddleware(bare, createPermissions(by))
  const names = () =>
    Object.entries(rules).flatMap(([type, fields]) => Object.keys(fields).map((field) => `${type}.${field}`))

  /** Those who are let through to a field; what its own resolver then makes of an empty world is not asked. */
  async function letThrough(schema: GraphQLSchema, name: string): Promise<(Role | null)[]> {
    const [type, field] = name.split('.') as [string, string]
    const { resolve } = (schema.getType(type) as GraphQLObjectType).getFields()[field]!
    const passed: (Role | null)[] = []
    for (const role of [...ROLES, null]) {
      const info = { fieldName: field, parentType: { name: type }, path: { key: field }, schema: bare } as never
      const answer = await Promise.resolve()
        .then(() => resolve!({}, {}, asking(role) as Context, info))
        .catch((error: unknown) => error)
      if (!isDenial(answer)) passed.push(role)
    }
    return passed
  }
  const isDenial = (answer: unknown): boolean =>
    answer instanceof GraphQLError
      ? isDenial(answer.originalError)
      : answer instanceof DomainError && ['FORBIDDEN', 'UNAUTHENTICATED'].includes(answer.code)

  it('stand at every field that leads to a type, and at every exception', () => {
    const leaves = names().filter((name) => !/\.(items|model|product|evidence|path|support|whyNot|of)$/.test(name))
    expect(names().length).toBeGreaterThan(80)
    expect(leaves).toEqual(
      expect.arrayContaining(['Query.me', 'Product.margin', 'Order.customer', 'CustomerEdge.node']),
    )
  })

  it('let through exactly whom the contract lets through', async () => {
    const schema = guarded(rules)
    for (const name of names()) {
      const passed = await letThrough(schema, name)
      expect(new Set(passed), name).toEqual(readers.get(name) ?? new Set())
    }
  })

  it('and each of them is missed when it is gone', async () => {
    for (const name of names()) {
      const [type, field] = name.split('.') as [string, string]
      const { [field]: _gone, ...others } = rules[type]!
      const schema = guarded({ ...rules, [type]: others })
      expect(new Set(await letThrough(schema, name)), name).not.toEqual(readers.get(name) ?? new Set())
    }
  })
})
