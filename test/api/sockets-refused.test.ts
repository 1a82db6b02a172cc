import { describe, expect, it, vi } from 'vitest'
import { createTestApp, startTestApp, TEST_SECRET } from '../support/app.ts'
import { backends } from '../support/graph.ts'
import { connectTo, firstOf, type Result } from '../support/sockets.ts'

const SUBSCRIBE = 'subscription ($id: ID) { orderRecorded(customerId: $id) { id } }'
const codesOf = ({ errors }: Result) => errors?.map(({ extensions }) => extensions?.code)

describe('What a socket refuses', () => {
  const app = createTestApp()

  it.each([
    ['nobody', undefined, {}, 'UNAUTHENTICATED'],
    ['STOREFRONT', { role: 'STOREFRONT' }, {}, 'FORBIDDEN'],
    ['INGEST', { role: 'INGEST' }, {}, 'FORBIDDEN'],
    ['a token of one customer, asking for all', { role: 'MARKETER', customer: 'c1' }, {}, 'FORBIDDEN'],
    ['a token of one customer, asking for another', { role: 'MARKETER', customer: 'c1' }, { id: 'c2' }, 'FORBIDDEN'],
  ] as const)('no source is started for %s', async (_who, signed, variables, code) => {
    const subscribe = vi.spyOn(app.services.events, 'subscribe')
    const token = signed && (await app.token(signed.role, 'customer' in signed ? { customer: signed.customer } : {}))
    const { client } = connectTo(app, token)
    try {
      expect(codesOf(await firstOf(client, SUBSCRIBE, variables))).toEqual([code])
      expect(subscribe).not.toHaveBeenCalled()
    } finally {
      subscribe.mockRestore()
      await client.dispose()
    }
  })

  it('a subscription that is allowed does start its source, which ends with its client', async () => {
    const subscribe = vi.spyOn(app.services.events, 'subscribe')
    const { client } = connectTo(app, await app.token('MARKETER', { customer: 'c1' }))
    try {
      client.subscribe({ query: SUBSCRIBE, variables: { id: 'c1' } }, { next() {}, error() {}, complete() {} })
      await expect.poll(() => subscribe.mock.calls).toEqual([['orderRecorded', 'c1']])
    } finally {
      subscribe.mockRestore()
      await client.dispose()
    }
  })

  it('the same bounds as over HTTP: syntax, unknown fields, arguments', async () => {
    const { client } = connectTo(app, await app.token('MARKETER'))
    expect(codesOf(await firstOf(client, 'subscription { orderRecorded { products(limit: -1) { id } } }'))).toEqual([
      'BAD_USER_INPUT',
    ])
    expect(codesOf(await firstOf(client, '{ nothing }'))).toEqual(['BAD_USER_INPUT'])
    expect(await firstOf(client, '{ me { role } }')).toEqual({ data: { me: { role: 'MARKETER' } } })
    await client.dispose()
  })

  it('counts the sockets that are open, and not those it closed at the door', async () => {
    const open = async () => {
      const text = await (await fetch(`${app.url}/metrics`)).text()
      return Number(/^alongside_open_sockets (\d+)$/m.exec(text)![1])
    }
    await expect.poll(open).toBe(0)
    const { client } = connectTo(app, await app.token('MARKETER'))
    client.subscribe({ query: SUBSCRIBE }, { next() {}, error() {}, complete() {} })
    await expect.poll(open).toBe(1)
    expect((await connectTo(app, 'nonsense').closed).code).toBe(4403)
    expect((await connectTo(app, await app.token('MARKETER', { ttl: '-1s' })).closed).code).toBe(4403)
    expect(await open()).toBe(1)
    await client.dispose()
    await expect.poll(open).toBe(0)
  })

  it('in production a socket without a token gets no introspection, and stays connected', async () => {
    const { neo4j, redis } = backends()
    const production = await startTestApp({
      NODE_ENV: 'production',
      JWT_SECRET: TEST_SECRET,
      NEO4J_URI: neo4j.uri,
      NEO4J_PASSWORD: neo4j.password,
      REDIS_URL: redis.url,
    })
    const anonymous = connectTo(production)
    const signedIn = connectTo(production, await production.token('INGEST'))
    try {
      for (const query of [
        '{ __schema { queryType { name } } }',
        '{ ...f } fragment f on Query { t: __type(name: "Query") { name } }',
      ]) {
        expect(codesOf(await firstOf(anonymous.client, query))).toEqual(['UNAUTHENTICATED'])
        expect(await firstOf(signedIn.client, query)).not.toHaveProperty('errors')
      }
      expect(await firstOf(anonymous.client, '{ __typename }')).toEqual({ data: { __typename: 'Query' } })
    } finally {
      await anonymous.client.dispose()
      await signedIn.client.dispose()
      await production.stop()
    }
  })
})
