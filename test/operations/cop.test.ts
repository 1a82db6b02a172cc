import { describe, expect, it } from 'vitest'
import { ROLES, type Role } from '../../src/auth/viewer.ts'
import { createTestApp } from '../support/app.ts'

/** The checks that GraphQL security scanners make, each for every role and for nobody. */
describe.each([...ROLES, null])('A scanner that comes as %s', (role: Role | null) => {
  const app = createTestApp()

  async function send(init: RequestInit & { query?: string } = {}, path = '/graphql') {
    const signed: Record<string, string> = role ? { authorization: `Bearer ${await app.token(role)}` } : {}
    const url = `${app.url}${path}${init.query ? `?${init.query}` : ''}`
    const answer = await fetch(url, { ...init, headers: { ...signed, ...(init.headers as object) } })
    const text = await answer.text()
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: text.startsWith('{') ? JSON.parse(text) : null,
    }
  }
  const post = (body: unknown) =>
    send({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const repeat = (count: number, of: (n: number) => string) => Array.from({ length: count }, (_, n) => of(n)).join(' ')

  it('finds no overloading by aliases, directives or repeated fields', async () => {
    for (const inner of [
      repeat(101, (n) => `alias${n}: __typename`),
      `__typename ${repeat(50, (n) => `@aa${n}`)}`,
      repeat(500, () => '__typename'),
    ]) {
      const { status, json } = await post({ query: `query cop { ${inner} }` })
      expect(status).toBe(400)
      expect(json.data).toBeUndefined()
    }
  })

  it('finds no batching by arrays', async () => {
    const { status, json } = await post(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' })))
    expect(status).toBe(400)
    expect(Array.isArray(json)).toBe(false)
  })

  it('finds no introspection in circles', async () => {
    const { json } = await post({
      query:
        'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }',
    })
    expect(json.data).toBeUndefined()
  })

  it('finds no operation in a link, in a form, or in a mutation by GET', async () => {
    for (const operation of ['query cop { __typename }', 'mutation cop { __typename }']) {
      const asLink = await send({ query: `query=${encodeURIComponent(operation)}` })
      expect(asLink.status).toBe(400)
      expect(asLink.text).not.toContain('"data"')
    }
    const mutation = await send({
      query: `query=${encodeURIComponent('mutation cop { __typename }')}`,
      headers: { 'apollo-require-preflight': 'yes' },
    })
    expect(mutation.status).toBeGreaterThanOrEqual(400)
    expect(mutation.text).not.toContain('"data":{')
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
      const body = 'query=query+cop+%7B+__typename+%7D'
      const form = await send({ method: 'POST', headers: { 'content-type': type }, body })
      expect(form.status).toBeGreaterThanOrEqual(400)
      expect(form.status).toBeLessThan(500)
      expect(form.text).not.toContain('"data":{')
    }
  })

  it('finds no tracing, no stack, no unhandled error', async () => {
    const traced = await post({ query: 'query cop { __typename }' })
    expect(traced.json.extensions?.tracing).toBeUndefined()
    for (const query of [
      'queryy cop { __typename }',
      '{ products(limit: "x") { id } }',
      '',
      '{',
      'query ($a: Nothing) { me { role } }',
    ]) {
      const { json, text } = await post({ query })
      expect(json.errors[0].extensions.code).not.toBe('INTERNAL')
      expect(text).not.toMatch(/stack|exception|node_modules|\.ts/i)
    }
  })

  it('finds an explorer at its own path only, and none at the endpoint', async () => {
    const asked = await send({ headers: { accept: 'text/html' } })
    expect(asked.text).not.toMatch(/graphiql|playground|sandbox/i)
    for (const path of ['/graphiql', '/playground', '/console', '/altair', '/v1/graphql'])
      expect((await send({ headers: { accept: 'text/html' } }, path)).status).toBe(404)
  })
})

describe('Suggestions', () => {
  const app = createTestApp()

  it('are for those who may see the schema', async () => {
    const { errors } = await app.ask('{ prodcts { id } }', { role: 'STOREFRONT' })
    expect(errors![0]!.message).toContain('Did you mean')
  })
})
