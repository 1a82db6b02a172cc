import { describe, expect, it } from 'vitest'
import { createTestApp, startTestApp, TEST_SECRET } from '../support/app.ts'
import { backends } from '../support/graph.ts'

describe('Errors and plain endpoints', () => {
  const app = createTestApp()
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${app.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })

  it.each([
    ['a syntax error', '{ me {'],
    ['an unknown field', '{ nothing }'],
    ['an unknown argument', '{ crossSell(customer: "1") { note } }'],
    ['a value of the wrong type', '{ crossSell(customerId: "1", first: "ten") { note } }'],
    ['a number no integer can be', '{ crossSell(customerId: "1", first: 1e12) { note } }'],
    ['a missing variable', 'query ($id: ID!) { customer(id: $id) { id } }'],
    ['a date that is none', '{ orders(where: { placedAt: { gt: "yesterday" } }) { id } }'],
  ])('answers %s with BAD_USER_INPUT and nothing of its insides', async (_what, query) => {
    const { status, errors } = await app.ask(query, { role: 'MARKETER' })
    expect(status).toBeLessThan(500)
    expect(new Set(errors!.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']))
    expect(JSON.stringify(errors)).not.toMatch(/stack|MATCH|node_modules|127\.0\.0\.1/)
  })

  it('answers a body that is not JSON, or too large, in the form of its errors', async () => {
    const broken = await post('{ "query": ')
    expect(broken.status).toBe(400)
    expect(await broken.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
    const large = await post(JSON.stringify({ query: `{ me { role } } # ${'x'.repeat(6 * 1024 * 1024)}` }))
    expect(large.status).toBe(413)
    expect(await large.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
  })

  it('refuses what a form of another site could send', async () => {
    const simple = await fetch(`${app.url}/graphql?query=%7B__typename%7D`)
    expect(simple.status).toBe(400)
    const form = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{}',
    })
    expect(form.status).toBeGreaterThanOrEqual(400)
    expect(form.status).toBeLessThan(500)
  })

  it('sends no header that lets another origin read', async () => {
    const answer = await post('{"query":"{ __typename }"}', { origin: 'https://elsewhere.example' })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(answer.headers.get('x-powered-by')).toBeNull()
  })

  it('asks for the form "Bearer <token>"', async () => {
    const answer = await post('{"query":"{ __typename }"}', { authorization: 'Basic abc' })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })

  it('says that it lives, that it is ready, and what it did, without an id', async () => {
    await app.ask('{ affinities(productId: "product-unheard-of") { orders } }', { role: 'MARKETER' })
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
    expect(await (await fetch(`${app.url}/readyz`)).json()).toMatchObject({ ready: true })
    const metrics = await (await fetch(`${app.url}/metrics`)).text()
    expect(metrics).toContain('alongside_statement_seconds_count{statement="catalog/exists"')
    expect(metrics).toContain('alongside_operation_seconds_count{operation="affinities",outcome="error"}')
    expect(metrics).not.toContain('product-unheard-of')
  })

  it('answers an unknown path with 404', async () => {
    expect((await fetch(`${app.url}/nothing-here`)).status).toBe(404)
  })

  it('shows its schema without a token in development, and to nobody without one in production', async () => {
    const query = '{ __schema { queryType { name } } }'
    expect((await app.ask(query)).errors).toBeUndefined()
    const { neo4j, redis } = backends()
    const production = await startTestApp({
      NODE_ENV: 'production',
      JWT_SECRET: TEST_SECRET,
      NEO4J_URI: neo4j.uri,
      NEO4J_PASSWORD: neo4j.password,
      REDIS_URL: redis.url,
    })
    try {
      expect((await production.ask(query)).errors![0]!.extensions.code).toBe('UNAUTHENTICATED')
      expect((await production.ask('{ ...f } fragment f on Query { __type(name: "Query") { name } }')).data).toBeFalsy()
      expect((await production.ask(query, { role: 'INGEST' })).errors).toBeUndefined()
      expect((await fetch(`${production.url}/examples.json`)).status).toBe(404)
    } finally {
      await production.stop()
    }
  })
})
