import { spawnSync } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import net from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { type MutableToken, OAuth2Server } from 'oauth2-mock-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signToken } from '../../src/auth/viewer.ts'
import { PROJECT_ROOT } from '../../src/root.ts'
import { createTestApp, startTestApp, TEST_SECRET, type TestApp } from '../support/app.ts'
import { connectTo, firstOf } from '../support/sockets.ts'

const ME = '{ me { subject role customer } }'
const HOST = '127.0.0.1'

/** An OpenID provider with one RS256 key, on a free port. */
async function startProvider() {
  const server = new OAuth2Server()
  await server.issuer.keys.generate('RS256', { kid: 'first' })
  await server.start(0, HOST)
  const { port } = server.address()
  const base = `http://${HOST}:${port}`
  const claims = (changes: object = {}): JWTPayload => {
    const now = Math.floor(Date.now() / 1000)
    const own = { iss: server.issuer.url!, aud: 'alongside', sub: 'someone', iat: now, exp: now + 600 }
    return { ...own, jti: crypto.randomUUID(), role: 'MARKETER', ...changes }
  }
  return {
    server,
    base,
    claims,
    env: { JWT_SECRET: '', JWKS_URL: `${base}/jwks`, JWT_ISSUER: server.issuer.url! },
    token: (changes: object = {}, kid = 'first') =>
      server.issuer.buildToken({
        kid,
        scopesOrTransform: (_header, payload) => Object.assign(payload, claims(changes)),
      }),
    stop: () => server.stop(),
    restart: () => server.start(port, HOST),
  }
}
type Provider = Awaited<ReturnType<typeof startProvider>>

const json = async (answer: Response) => (await answer.json()) as Record<string, string>
const outcome = ({ status, errors }: Awaited<ReturnType<TestApp['ask']>>) => ({
  status,
  code: errors?.[0]?.extensions.code,
})
type Ask = (token: string) => Promise<ReturnType<typeof outcome>>
const GOOD = { status: 200, code: undefined }
const UNAUTHENTICATED = { status: 401, code: 'UNAUTHENTICATED' }
const UNAVAILABLE = { status: 503, code: 'UNAVAILABLE' }

describe('Tokens of an OpenID provider', () => {
  let provider: Provider
  let app: TestApp

  beforeAll(async () => {
    provider = await startProvider()
    app = await startTestApp(provider.env)
  })
  afterAll(async () => {
    await app?.stop()
    await provider?.stop()
  })
  const me = async (token: string) => outcome(await app.ask(ME, { token }))

  it('a token as the provider itself hands it out is good, over HTTP and over a socket', async () => {
    const discovered = await json(await fetch(`${provider.base}/.well-known/openid-configuration`))
    expect(new URL(discovered.jwks_uri!).pathname).toBe('/jwks')
    provider.server.service.once('beforeTokenSigning', ({ payload }: MutableToken) => {
      Object.assign(payload, { sub: 'analyst-7', aud: 'alongside', role: 'ANALYST' })
    })
    const answer = await fetch(provider.base + new URL(discovered.token_endpoint!).pathname, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    const token = (await json(answer)).access_token!
    const expected = { data: { me: { subject: 'analyst-7', role: 'ANALYST', customer: null } } }
    expect(await app.ask(ME, { token })).toMatchObject(expected)
    const { client } = connectTo(app, token)
    expect(await firstOf(client, ME)).toEqual(expected)
    await client.dispose()
  })

  it.each(['PS256', 'ES256', 'EdDSA'])('takes %s as well', async (algorithm) => {
    await provider.server.issuer.keys.generate(algorithm, { kid: algorithm })
    const token = await provider.token({}, algorithm)
    await expect.poll(() => me(token), { timeout: 10_000, interval: 200 }).toEqual(GOOD)
  })

  it('a token of one customer speaks for that customer only', async () => {
    const token = await provider.token({ role: 'STOREFRONT', customer: 'c1' })
    expect((await app.ask(ME, { token })).data.me.customer).toBe('c1')
    const other = await app.ask('{ crossSell(customerId: "c2") { note } }', { token })
    expect(other.errors![0]!.extensions.code).toBe('FORBIDDEN')
  })

  it.each([
    ['of another issuer', { iss: 'https://elsewhere.example' }],
    ['for another audience', { aud: 'another-service' }],
    ['without an audience', { aud: undefined }],
    ['without an end', { exp: undefined }],
    ['that is not valid yet', { nbf: Math.floor(Date.now() / 1000) + 3_600 }],
    ['without a subject', { sub: undefined }],
    ['whose subject is blank', { sub: ' ' }],
    ['whose subject is longer than one that can be revoked', { sub: 'x'.repeat(256) }],
    ['without a role', { role: undefined }],
    ['with a role there is not', { role: 'ROOT' }],
    ['with two roles', { role: ['MARKETER', 'ADMIN'] }],
    ['of no customer', { customer: '' }],
  ])('refuses a token %s', async (_what, changes) => {
    expect(await me(await provider.token(changes))).toEqual(UNAUTHENTICATED)
  })

  it('refuses an expired token, and says so', async () => {
    const answer = await app.ask(ME, { token: await provider.token({ exp: Math.floor(Date.now() / 1000) - 1 }) })
    expect(outcome(answer)).toEqual(UNAUTHENTICATED)
    expect(answer.errors![0]!.message).toBe('The token has expired.')
  })

  it('refuses a token without a signature', async () => {
    expect(await me(new UnsecuredJWT(provider.claims()).encode())).toEqual(UNAUTHENTICATED)
  })

  it('refuses HS256 with the published key as its secret, in each form the key has', async () => {
    const [jwk] = provider.server.issuer.keys.toJSON().filter(({ kid }) => kid === 'first')
    const key = createPublicKey({ key: jwk!, format: 'jwk' })
    const forms = [
      key.export({ type: 'spki', format: 'pem' }),
      key.export({ type: 'spki', format: 'der' }),
      key.export({ type: 'pkcs1', format: 'pem' }),
      JSON.stringify(jwk),
    ]
    for (const form of forms) {
      const token = await new SignJWT(provider.claims())
        .setProtectedHeader({ alg: 'HS256', kid: 'first' })
        .sign(new Uint8Array(Buffer.from(form)))
      expect(await me(token)).toEqual(UNAUTHENTICATED)
    }
  })

  it('refuses a stranger’s key: under a kid of its own, under a known one, and brought along in the token', async () => {
    const stranger = await startProvider()
    try {
      const { privateKey, publicKey } = await generateKeyPair('RS256')
      const jwk = await exportJWK(publicKey)
      for (const header of [{ kid: 'unheard-of' }, { kid: 'first' }, {}, { jwk }, { jku: `${stranger.base}/jwks` }]) {
        const token = await new SignJWT(provider.claims())
          .setProtectedHeader({ alg: 'RS256', ...header })
          .sign(privateKey)
        expect(await me(token)).toEqual(UNAUTHENTICATED)
      }
    } finally {
      await stranger.stop()
    }
  })

  it('signs no tokens itself', async () => {
    await expect(signToken({ role: 'ADMIN', subject: 'me' }, app.tokens)).rejects.toThrow('JWKS_URL is set')
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'src/commands/token.ts', '--role', 'ADMIN'],
      { cwd: PROJECT_ROOT, encoding: 'utf8', env: { PATH: process.env.PATH, ...provider.env } },
    )
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain('JWKS_URL is set: tokens come from the identity provider')
  })
})

describe('Keys that change, and a key server that is away', () => {
  /** Everything of one test's own: what an instance knows of keys is part of each story. */
  async function withProvider(story: (provider: Provider, app: TestApp, me: Ask) => Promise<void>) {
    const provider = await startProvider()
    const app = await startTestApp(provider.env)
    try {
      await story(provider, app, async (token) => outcome(await app.ask(ME, { token })))
    } finally {
      await app.stop()
      await provider.stop().catch(() => {})
    }
  }

  it('nobody can tell until it comes: UNAVAILABLE, not UNAUTHENTICATED; a socket is told to try again', async () => {
    await withProvider(async (provider, app, me) => {
      const token = await provider.token()
      await provider.stop()
      const answer = await app.ask(ME, { token })
      expect(outcome(answer)).toEqual(UNAVAILABLE)
      expect(JSON.stringify(answer.errors)).not.toMatch(/127\.0\.0\.1|jwks|fetch|ECONN/i)
      expect((await connectTo(app, token).closed).code).toBe(1013)
      expect(outcome(await app.ask('{ __typename }'))).toEqual(GOOD)
      await provider.restart()
      expect(await me(token)).toEqual(GOOD)
    })
  })

  it('a new key is taken while serving, and the old one as long as it is published', async () => {
    await withProvider(async (provider, _app, me) => {
      const before = await provider.token()
      expect(await me(before)).toEqual(GOOD)
      await provider.server.issuer.keys.generate('RS256', { kid: 'second' })
      const after = await provider.token({}, 'second')
      await expect.poll(() => me(after), { timeout: 10_000, interval: 200 }).toEqual(GOOD)
      expect(await me(before)).toEqual(GOOD)
    })
  })

  it('when it goes away later, tokens of keys that are known stay good', async () => {
    await withProvider(async (provider, _app, me) => {
      const known = await provider.token()
      expect(await me(known)).toEqual(GOOD)
      await provider.server.issuer.keys.generate('RS256', { kid: 'second' })
      const unknown = await provider.token({}, 'second')
      await provider.stop()
      await expect.poll(() => me(unknown), { timeout: 10_000, interval: 200 }).toEqual(UNAVAILABLE)
      expect(await me(known)).toEqual(GOOD)
    })
  })

  it('one that never answers keeps nobody waiting for long', async () => {
    const silent = net.createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, HOST, resolve))
    const { port } = silent.address() as net.AddressInfo
    const provider = await startProvider()
    const app = await startTestApp({ ...provider.env, JWKS_URL: `http://${HOST}:${port}/jwks` })
    try {
      const started = performance.now()
      expect(outcome(await app.ask(ME, { token: await provider.token() }))).toEqual(UNAVAILABLE)
      expect(performance.now() - started).toBeLessThan(10_000)
    } finally {
      await app.stop()
      await provider.stop()
      silent.close()
    }
  })
})

describe('Tokens of a shared secret', () => {
  const app = createTestApp()
  const claims = { sub: 'someone', role: 'ADMIN', iss: 'alongside', aud: 'alongside' }
  const ask = async (token: string) => outcome(await app.ask(ME, { token }))

  it('are signed with HS256 and nothing else', async () => {
    const sign = (alg: string, key: Parameters<SignJWT['sign']>[0]) =>
      new SignJWT(claims).setProtectedHeader({ alg }).setIssuedAt().setExpirationTime('1h').sign(key)
    const secret = new TextEncoder().encode(TEST_SECRET.padEnd(64, '.'))
    expect(await ask(await sign('HS256', new TextEncoder().encode(TEST_SECRET)))).toEqual(GOOD)
    expect(await ask(await sign('HS256', secret))).toEqual(UNAUTHENTICATED)
    expect(await ask(await sign('HS512', secret))).toEqual(UNAUTHENTICATED)
    expect(await ask(await sign('RS256', (await generateKeyPair('RS256')).privateKey))).toEqual(UNAUTHENTICATED)
    expect(await ask(new UnsecuredJWT(claims).setExpirationTime('1h').encode())).toEqual(UNAUTHENTICATED)
  })
  it('are good until they expire and as they were signed, however often they were taken', async () => {
    const token = await app.token('ADMIN', { ttl: '3s' })
    const [head, body, signature] = token.split('.') as [string, string, string]
    const forged = [head, body, `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`].join('.')
    expect(await ask(token)).toEqual(GOOD)
    expect(await ask(forged)).toEqual(UNAUTHENTICATED)
    expect(await ask(token)).toEqual(GOOD)
    await expect.poll(() => ask(token), { timeout: 30_000 }).toEqual(UNAUTHENTICATED)
  })
})
