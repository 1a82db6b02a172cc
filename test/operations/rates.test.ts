import { describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { connectTo, firstOf } from '../support/sockets.ts'

const LIMIT = 100
/** 4 units. */
const CHEAP = '{ products(limit: 1) { id } }'
/** Thousands: more than there are, so all there are. */
const COSTLY = '{ affinities(productId: "p", kind: BOUGHT_AFTER, first: 10) { orders } }'
const HOSTILE = `{ ${Array.from({ length: 60 }, (_, n) => `a${n}: __typename`).join(' ')} }`

describe('How much a subject may ask for a minute', () => {
  const app = createTestApp({ RATE_LIMIT: String(LIMIT) })
  const tokenOf = (subject: string) => app.token('ADMIN', { subject })
  const codeOf = (answer: { errors?: readonly { extensions?: { code?: string } }[] }) =>
    answer.errors?.[0]?.extensions?.code ?? 'answered'
  /** How many were answered like the first before one was refused for the rate. */
  async function until(ask: () => Promise<string>): Promise<{ first: string; times: number }> {
    const first = await ask()
    let times = 1
    for (let code = first; times < 10 * LIMIT; times++) {
      code = await ask()
      if (code === 'RATE_LIMITED') return { first, times }
      expect(code).toBe(first)
    }
    throw new Error('Nothing was ever refused')
  }

  it('is as much as its operations cost, and nobody else’s matter', async () => {
    const token = await tokenOf('cheap')
    const { first, times } = await until(async () => codeOf(await app.ask(CHEAP, { token })))
    expect(first).toBe('answered')
    // Some flows back meanwhile.
    expect(times).toBeGreaterThanOrEqual(LIMIT / 4)
    expect(codeOf(await app.ask(CHEAP, { token: await tokenOf('another') }))).toBe('answered')
  })

  it('is one budget over HTTP and sockets; whoever has spent it is told when to come again, and may', async () => {
    const token = await tokenOf('costly')
    await app.ask(COSTLY, { token })
    const answer = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: CHEAP }),
    })
    const { errors, data } = (await answer.json()) as {
      errors: { extensions: Record<string, unknown> }[]
      data: unknown
    }
    expect(answer.status).toBe(429)
    expect(data).toBeUndefined()
    const { code, retryAfter } = errors[0]!.extensions
    expect(code).toBe('RATE_LIMITED')
    // 4 units flow back in 2.4 s.
    expect([1, 2, 3]).toContain(retryAfter)
    expect(answer.headers.get('retry-after')).toBe(String(retryAfter))

    const { client } = connectTo(app, token)
    expect(await firstOf(client, COSTLY)).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] })
    await expect.poll(async () => codeOf(await app.ask(CHEAP, { token })), { timeout: 30_000 }).toBe('answered')
    await client.dispose()
  })

  it('is spent by operations that are refused as well, a unit each', async () => {
    const token = await tokenOf('hostile')
    const { first, times } = await until(async () => codeOf(await app.ask(HOSTILE, { token })))
    expect(first).toBe('QUERY_TOO_COSTLY')
    expect(times).toBeGreaterThanOrEqual(LIMIT)
  })

  it('is a tenth of it for an address without a token', async () => {
    const { first, times } = await until(async () => codeOf(await app.ask(CHEAP)))
    expect(first).toBe('UNAUTHENTICATED')
    expect(times).toBeGreaterThanOrEqual(LIMIT / 10)
    expect(times).toBeLessThan(LIMIT)
    expect(codeOf(await app.ask(CHEAP, { token: await tokenOf('signed in') }))).toBe('answered')
  })
})
