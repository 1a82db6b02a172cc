import { getIntrospectionQuery } from 'graphql'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import WebSocket from 'ws'
import { LIMITS } from '../../src/operations/limits.ts'
import { createTestApp } from '../support/app.ts'
import { connectTo, firstOf } from '../support/sockets.ts'

const times = (count: number, of: (n: number) => string) => Array.from({ length: count }, (_, n) => of(n)).join(' ')
const nested = (depth: number) => `{ categories { ${'parents { '.repeat(depth)}id${' }'.repeat(depth)} } }`
/** Each fragment spreads the next one twice: 2^levels fields in some dozen lines. */
const doubling = (levels: number) =>
  `{ products { ...f0 } } ${times(levels, (n) => `fragment f${n} on Product { ...f${n + 1} ...f${n + 1} }`)} fragment f${levels} on Product { id }`

const HOSTILE: [what: string, query: string, limit: string][] = [
  ['10,000 aliases', `{ ${times(10_000, (n) => `a${n}: me { role }`)} }`, 'characters'],
  ['a thousand aliases', `{ ${times(1_000, (n) => `a${n}: me { role }`)} }`, 'tokens'],
  ['a hundred aliases', `{ products { ${times(100, (n) => `a${n}: id`)} } }`, 'aliases'],
  ['aliases of __typename', `{ products { ${times(100, (n) => `a${n}: __typename`)} } }`, 'aliases'],
  [
    'aliases in a fragment spread often',
    `{ products { ...f categories { ...g } } } fragment f on Product { ${times(30, (n) => `a${n}: id`)} } fragment g on Category { ${times(30, (n) => `b${n}: id`)} }`,
    'aliases',
  ],
  ['depth 500', nested(490), 'depth'],
  ['depth 20', nested(20), 'depth'],
  ['fragments that double', doubling(40), 'fields'],
  ['500 times the same field', `{ ${times(500, () => '__typename')} }`, 'rootFields'],
  ['many root fields', `{ ${times(30, (n) => `a${n}: me { role }`)} }`, 'rootFields'],
  [
    'many root fields in a fragment',
    `{ ...f ...f ...f } fragment f on Query { ${times(10, () => '__typename')} }`,
    'rootFields',
  ],
  ['directives on one field', `{ __typename ${times(40, () => '@include(if: true)')} }`, 'directives'],
  ['directives that do not exist', `{ __typename ${times(40, (n) => `@aa${n}`)} }`, 'directives'],
  ['a directive on each field', `{ products { ${times(40, () => 'id @include(if: true)')} } }`, 'directives'],
  [
    'lists in lists in lists',
    '{ customers(limit: 100) { orders(limit: 100) { products(limit: 100) { id } } } }',
    'cost',
  ],
  [
    'the same by connections',
    '{ customersConnection(first: 100) { edges { node { ordersConnection(first: 100) { edges { node { products(limit: 100) { id } } } } } } } }',
    'cost',
  ],
  [
    'many costly fields',
    `{ ${times(15, (n) => `a${n}: affinities(productId: "p${n}", kind: BOUGHT_AFTER) { orders }`)} }`,
    'cost',
  ],
  ['a long text', `{ me { role } } # ${'x'.repeat(200_000)}`, 'characters'],
  [
    'a fragment that nothing uses',
    `{ __typename } fragment f on Product { ${times(100, (n) => `a${n}: id`)} }`,
    'aliases',
  ],
  [
    'an operation beside the one that is asked',
    `query a { __typename } query b { products { ${times(100, (n) => `a${n}: id`)} } }`,
    'aliases',
  ],
]

describe('Hostile operations', () => {
  const app = createTestApp()

  beforeAll(() => expect(Object.keys(LIMITS)).toEqual(expect.arrayContaining(HOSTILE.map(([, , limit]) => limit))))

  it.each(HOSTILE)(
    '%s: refused with 400, over HTTP and over a socket, before a statement runs',
    async (_what, query, limit) => {
      // Made for every operation that may run.
      const reads = vi.spyOn(app.graph, 'generatedReads')
      const { client } = connectTo(app, await app.token('ADMIN'))
      try {
        const answer = await app.ask(query, { role: 'ADMIN' })
        expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'QUERY_TOO_COSTLY', limit } }] })
        const onSocket = await firstOf(client, query)
        expect(onSocket).toMatchObject({ errors: [{ extensions: { code: 'QUERY_TOO_COSTLY', limit } }] })
        expect(reads).not.toHaveBeenCalled()
      } finally {
        reads.mockRestore()
        await client.dispose()
      }
    },
  )

  it.each([
    ['fragments that spread themselves', '{ products { ...f } } fragment f on Product { id ...f }'],
    [
      'introspection in circles',
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
    ],
    ['a type that is not there', '{ products { id ... on Nothing { id } } }'],
  ])('%s: not valid, over both ways', async (_what, query) => {
    expect(await app.ask(query, { role: 'ADMIN' })).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    })
    const { client } = connectTo(app, await app.token('ADMIN'))
    expect(await firstOf(client, query)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
    await client.dispose()
  })

  it('a list of operations in one body is refused', async () => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await app.token('ADMIN')}` }
    const body = JSON.stringify(Array.from({ length: 10 }, () => ({ query: '{ me { role } }' })))
    const answer = await fetch(`${app.url}/graphql`, { method: 'POST', headers, body })
    expect(answer.status).toBe(400)
    expect(JSON.stringify(await answer.json())).not.toContain('ADMIN')
  })

  it('a message larger than a megabyte closes its socket, and only that', async () => {
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    await new Promise((resolve) => socket.once('open', resolve))
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    socket.send(JSON.stringify({ type: 'connection_init', payload: { text: 'x'.repeat(2 * 1024 * 1024) } }))
    expect(await closed).toBe(1009)
    expect((await app.ask('{ __typename }')).data).toEqual({ __typename: 'Query' })
  })

  it('the introspection of GraphiQL fits, and so do three levels of lists', async () => {
    const full = getIntrospectionQuery({
      inputValueDeprecation: true,
      specifiedByUrl: true,
      schemaDescription: true,
      directiveIsRepeatable: true,
      oneOf: true,
    })
    expect((await app.ask(full, { role: 'STOREFRONT' })).errors).toBeUndefined()
    const nestedLists = '{ customers { orders(limit: 20) { products { id categories { id } } } } }'
    expect((await app.ask(nestedLists, { role: 'MARKETER' })).errors).toBeUndefined()
  })

  it('what an operation costs is told beside its answer, and grows with its lists', async () => {
    const cost = async (query: string) => {
      const answer = (await app.ask(query, { role: 'ADMIN' })) as { extensions?: { cost?: number } }
      return answer.extensions?.cost
    }
    expect(await cost('{ __typename }')).toBeUndefined()
    const few = await cost('{ products(limit: 1) { id } }')
    const many = await cost('{ products(limit: 100) { id } }')
    const nestedMany = await cost('{ products(limit: 100) { id categories(limit: 100) { id } } }')
    expect(few).toBeGreaterThan(0)
    expect(many).toBeGreaterThan(few!)
    expect(nestedMany).toBeGreaterThan(many! * 20)
    // Known by its id or just some: cheap. Everything looked at: not.
    expect(await cost('{ products(limit: 1, where: { id: { in: ["p"] } }) { id } }')).toBe(few)
    for (const scan of [
      'where: { name: { contains: "a" } }',
      'where: { id: { contains: "a" } }',
      'sort: { name: ASC }',
    ])
      expect(await cost(`{ products(limit: 1, ${scan}) { id } }`)).toBeGreaterThan(few! * 5)
    expect(await cost('{ affinities(productId: "p", kind: BOUGHT_AFTER) { orders } }')).toBeGreaterThan(1_000)
  })

  it('is counted by what it was answered', async () => {
    const refused = async () => {
      const text = await (await fetch(`${app.url}/metrics`)).text()
      return Number(/^alongside_refused_operations_total\{code="QUERY_TOO_COSTLY"\} (\d+)$/m.exec(text)?.[1] ?? 0)
    }
    const before = await refused()
    await app.ask(nested(100), { role: 'ADMIN' })
    expect(await refused()).toBe(before + 1)
  })
})
