import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { createTestApp, startTestApp, type TestApp } from '../support/app.ts'

const SHOP = 'https://shop.example.com'
const QUERY = { method: 'POST', body: '{"query":"{ __typename }"}' }
const JSON_TYPE = { 'content-type': 'application/json' }

/** The status of the answer to an upgrade: 101 when there is a socket. */
async function upgrade(app: TestApp, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers })
  const status = await Promise.race([
    once(socket, 'open').then(() => 101),
    once(socket, 'unexpected-response').then(([, answer]) => (answer as IncomingMessage).statusCode!),
  ])
  socket.on('error', () => {}).terminate()
  return status
}

describe('What browsers may do', () => {
  const closed = createTestApp()
  let open: TestApp

  beforeAll(async () => {
    open = await startTestApp({ CORS_ORIGINS: `${SHOP}, http://localhost:3000` })
  })
  afterAll(() => open?.stop())

  const preflight = (app: TestApp, origin: string) =>
    fetch(`${app.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
  const allowed = (answer: Response) => answer.headers.get('access-control-allow-origin')

  it('nothing from another origin, unless it is named', async () => {
    for (const origin of [SHOP, 'null', closed.url]) {
      expect(allowed(await preflight(closed, origin))).toBeNull()
      expect(allowed(await fetch(`${closed.url}/graphql`, { ...QUERY, headers: { ...JSON_TYPE, origin } }))).toBeNull()
    }
  })

  it('a named origin may ask with a token, never with credentials of the browser', async () => {
    const answer = await preflight(open, SHOP)
    expect(answer.status).toBe(204)
    expect(allowed(answer)).toBe(SHOP)
    expect(answer.headers.get('vary')).toMatch(/origin/i)
    expect(answer.headers.get('access-control-allow-methods')).toBe('POST')
    expect(answer.headers.get('access-control-allow-headers')).toBe(
      'authorization,content-type,apollo-require-preflight',
    )
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    const asked = await fetch(`${open.url}/graphql`, { ...QUERY, headers: { ...JSON_TYPE, origin: SHOP } })
    expect(allowed(asked)).toBe(SHOP)
    expect(await asked.json()).toEqual({ data: { __typename: 'Query' } })
  })

  it.each([
    'null',
    'https://shop.example.com.elsewhere.example',
    'https://elsewhere-shop.example.com',
    'http://shop.example.com',
    'https://shop.example.com:8443',
  ])('an origin that only looks like a named one may not: %s', async (origin) => {
    expect(allowed(await preflight(open, origin))).toBeNull()
    expect(await upgrade(open, { origin })).toBe(403)
  })

  it('sockets: no page of another origin, but this host’s own, the named ones, and what is no browser', async () => {
    expect(await upgrade(closed, { origin: SHOP })).toBe(403)
    expect(await upgrade(closed, { origin: 'null' })).toBe(403)
    expect(await upgrade(closed, { origin: closed.url })).toBe(101)
    expect(await upgrade(closed, {})).toBe(101)
    expect(await upgrade(open, { origin: SHOP })).toBe(101)
    expect(await upgrade(open, { origin: 'http://localhost:3000' })).toBe(101)
    expect(await upgrade(open, { origin: 'http://localhost:3001' })).toBe(403)
  })

  it.each(['/graphql', '/healthz', '/readyz', '/metrics', '/examples.json', '/nothing-here'])(
    '%s may be framed by nobody, and nothing in it may run',
    async (path) => {
      const { headers } = await fetch(closed.url + path, path === '/graphql' ? { ...QUERY, headers: JSON_TYPE } : {})
      expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      // Over plain HTTP it would be ignored, and a proxy that adds TLS has its own.
      expect(headers.get('strict-transport-security')).toBeNull()
    },
  )

  it('the page keeps a policy of its own', async () => {
    const { headers } = await fetch(`${closed.url}/`)
    expect(headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  it('no cookie is ever set, and none is read', async () => {
    const token = await closed.token('ADMIN')
    const cookie = `token=${token}; authorization=Bearer ${token}; Authorization=${token}`
    for (const path of ['/', '/graphql', '/healthz', '/readyz', '/metrics', '/examples.json', '/nothing-here']) {
      const { headers } = await fetch(closed.url + path, { headers: { cookie } })
      expect(headers.getSetCookie()).toEqual([])
    }
    const asked = await fetch(`${closed.url}/graphql`, {
      method: 'POST',
      headers: { ...JSON_TYPE, cookie },
      body: '{"query":"{ me { subject } }"}',
    })
    expect(asked.headers.getSetCookie()).toEqual([])
    expect(await asked.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })

    const url = `${closed.url.replace('http', 'ws')}/graphql`
    const socket = new WebSocket(url, 'graphql-transport-ws', { headers: { cookie } })
    const [[upgraded]] = await Promise.all([once(socket, 'upgrade'), once(socket, 'open')])
    expect((upgraded as IncomingMessage).headers['set-cookie']).toBeUndefined()
    socket.send('{"type":"connection_init"}')
    await once(socket, 'message')
    socket.send('{"type":"subscribe","id":"1","payload":{"query":"{ me { subject } }"}}')
    const [message] = await once(socket, 'message')
    expect(String(message)).toContain('UNAUTHENTICATED')
    socket.terminate()
  })
})
