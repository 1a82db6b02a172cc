import { buildSchema, type GraphQLSchema, getOperationAST, parse, printSchema, validate } from 'graphql'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createAccess } from '../../src/auth/access.ts'
import { EXCEPTIONS, ROOT_FIELDS } from '../../src/auth/table.ts'
import { ROLES, type Role } from '../../src/auth/viewer.ts'
import { type Selected, selectionOf } from '../../src/operations/selection.ts'
import { createBareSchema } from '../../src/schema.ts'
import { createTestApp } from '../support/app.ts'
import { connectTo, firstOf } from '../support/sockets.ts'
import { asking } from '../support/viewers.ts'
import { everyField, everyFilter } from './operations.ts'
import { readable, rolesOfRoot } from './oracle.ts'

const VIEWERS: readonly (Role | null)[] = [...ROLES, null]
const DENIALS = ['FORBIDDEN', 'UNAUTHENTICATED']

describe('Every field, for every role', () => {
  const app = createTestApp()
  let schema: GraphQLSchema
  let asked: { name: string; root: string; query: string; selected: Selected[] }[]
  let readers: ReturnType<typeof readable>

  beforeAll(async () => {
    // From its text: nothing of the code that made it is left.
    schema = buildSchema(printSchema(await createBareSchema()))
    asked = [...everyField(schema), ...everyFilter(schema)].map((one) => ({ ...one, selected: selectedBy(one.query) }))
    readers = readable(schema)
  })

  function selectedBy(query: string): Selected[] {
    const document = parse(query)
    expect(validate(schema, document), query).toEqual([])
    return selectionOf({ schema, definition: getOperationAST(document)!, fragments: new Map(), variables: {} })
  }
  const mayUse = (root: string, role: Role) => rolesOfRoot(root.split('.')[1]!)!.includes(role)
  /** A filter or an order is open to whoever may read the field it looks at. */
  function expected({ name, root }: { name: string; root: string }, role: Role | null): boolean {
    if (role === null || !mayUse(root, role)) return false
    const field = name.replace(/(Where|Sort)\./, '.')
    return !readers.has(field) || readers.get(field)!.has(role)
  }

  /** Where the admission's verdict on rights departs from the contract, for some of those who ask. */
  function* departures(viewers = VIEWERS): Generator<string> {
    const access = createAccess(schema)
    for (const one of asked)
      for (const role of viewers) {
        const allowed = access(one.selected, asking(role)) === null
        if (allowed !== expected(one, role)) yield `${role} ${one.name} by ${one.root}`
      }
  }

  /** Of those with the same name and the same answer, one for each. */
  function someOf(role: Role | null) {
    const kinds = new Map(asked.map((one) => [`${one.name} ${expected(one, role)}`, one]))
    return [...kinds.values()]
  }

  it('walks every field there is, by every root field that leads to it, and every filter and order', () => {
    const names = new Set(asked.map(({ name }) => name))
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || !('getFields' in type) || /Input$|Filter$|Filters$/.test(type.name)) continue
      if (/(Where|Sort)$/.test(type.name) && !asked.some(({ name }) => name.startsWith(`${type.name}.`))) continue
      for (const field of Object.keys(type.getFields())) expect(names, type.name).toContain(`${type.name}.${field}`)
    }
    expect(asked.length).toBeGreaterThan(500)
  })

  it('the admission lets each role have exactly what the contract gives it', () => {
    expect([...departures()]).toEqual([])
  })

  it('and would be caught with any one entry of the table gone, or open to one role more', () => {
    const tables = [ROOT_FIELDS, EXCEPTIONS] as Record<string, readonly Role[]>[]
    for (const table of tables) {
      for (const [name, roles] of Object.entries(table)) {
        const others = ROLES.filter((role) => !roles.includes(role))
        // The first one found is enough.
        const isNoticed = (viewers: readonly Role[]) => !departures(viewers).next().done
        delete table[name]
        // Who was an exception may come to have more, and whoever else less.
        expect(isNoticed(ROLES), `${name} gone`).toBe(true)
        // A role that never gets near a field is none the wiser for a right to it.
        const noticed = others.some((role) => {
          table[name] = [...roles, role]
          return isNoticed([role])
        })
        table[name] = roles
        if (others.length > 0) expect(noticed, `${name} wider`).toBe(true)
      }
    }
    expect([...departures()]).toEqual([])
  })

  it.each(VIEWERS)('over HTTP %s is answered so, and never INTERNAL', async (role) => {
    const wrong: string[] = []
    for (const one of someOf(role)) {
      const { errors = [] } = await app.ask(one.query, role ? { role } : {})
      const codes = errors.map(({ extensions }) => extensions.code)
      const denied = codes.some((code) => DENIALS.includes(code))
      if (denied === expected(one, role) || codes.includes('INTERNAL')) wrong.push(`${one.query} ${codes}`)
    }
    expect(wrong).toEqual([])
  })

  it.each(VIEWERS)('over a socket %s is answered so', async (role) => {
    const { client } = connectTo(app, role ? await app.token(role) : undefined)
    const wrong: string[] = []
    try {
      for (const one of asked.filter(({ name, root }) => name === root && !root.startsWith('Subscription'))) {
        const { errors = [] } = await firstOf(client, one.query)
        const denied = errors.some(({ extensions }) => DENIALS.includes(extensions!.code!))
        if (denied === expected(one, role)) wrong.push(one.query)
      }
      // One that is allowed brings nothing until something happens.
      for (const one of asked.filter(({ root }) => root.startsWith('Subscription'))) {
        if (expected(one, role)) continue
        const { errors } = await firstOf(client, one.query)
        if (!errors?.some(({ extensions }) => DENIALS.includes(extensions!.code!))) wrong.push(one.query)
      }
    } finally {
      await client.dispose()
    }
    expect(wrong).toEqual([])
  })

  it('nothing of an operation runs when a part of it is denied', async () => {
    // Made for every operation that may run.
    const reads = vi.spyOn(app.graph, 'generatedReads')
    try {
      const both = '{ products { id } others: products { margin } }'
      const denied = await app.ask(both, { role: 'STOREFRONT' })
      expect(denied).toMatchObject({ status: 403, errors: [{ extensions: { code: 'FORBIDDEN' } }] })
      expect(denied.data).toBeUndefined()
      expect(reads).not.toHaveBeenCalled()
      expect((await app.ask(both, { role: 'MARKETER' })).errors).toBeUndefined()
      expect(reads).toHaveBeenCalled()
    } finally {
      reads.mockRestore()
    }
  })

  it('what an operation skips is not held against it', async () => {
    const query = 'query ($all: Boolean!) { products { id } customers @include(if: $all) { id } }'
    const ask = (all: boolean) => app.ask(query, { role: 'STOREFRONT', variables: { all } })
    expect((await ask(false)).errors).toBeUndefined()
    expect((await ask(true)).errors![0]!.extensions.code).toBe('FORBIDDEN')
  })

  it('a filter that reaches into what is hidden is refused, however deep', () => {
    const access = createAccess(schema)
    const args = schema.getQueryType()!.getFields().orders!
    const deep = { where: { AND: [{ products: { some: { categories: { some: { id: { eq: 'x' } } } } } }] } }
    const one = { parent: 'Query', field: args, args: deep, inner: [] }
    expect(access([one], asking('MARKETER'))).toBeNull()
    expect(access([{ ...one, field: schema.getQueryType()!.getFields().products! }], asking('STOREFRONT'))).toBeNull()
    const hidden = { ...EXCEPTIONS } as Record<string, readonly Role[]>
    const table = EXCEPTIONS as Record<string, readonly Role[]>
    table['Category.id'] = ['ADMIN']
    try {
      expect(createAccess(schema)([one], asking('MARKETER'))?.code).toBe('FORBIDDEN')
      expect(createAccess(schema)([one], asking('ADMIN'))).toBeNull()
    } finally {
      delete table['Category.id']
    }
    expect(EXCEPTIONS).toEqual(hidden)
  })
})
