import { serverAudits } from 'graphql-http'
import { describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'

/** Those that want a plain GET to be answered, which another site could send: CSRF prevention asks for a header first. */
const AGAINST_CSRF_PREVENTION: readonly string[] = []

describe('GraphQL over HTTP', () => {
  const app = createTestApp()

  it('passes every audit of graphql-http', async () => {
    const token = await app.token('ANALYST')
    const fetchFn: typeof fetch = (input, init) =>
      fetch(input, { ...init, headers: { ...(init?.headers as object), authorization: `Bearer ${token}` } })
    const audits = serverAudits({ url: `${app.url}/graphql`, fetchFn })
    const results = await Promise.all(audits.map(async ({ id, name, fn }) => ({ id, name, result: await fn() })))
    const bad = results.filter(({ result }) => result.status !== 'ok')
    console.log(
      bad
        .map(({ id, name, result }) => `${id} ${name} ${result.status} ${(result as { reason?: string }).reason}`)
        .join('\n'),
    )
    expect(results.length).toBe(61)
    expect(bad.filter(({ result }) => result.status === 'error')).toEqual([])
    expect(bad.filter(({ result }) => result.status === 'warn').map(({ id }) => id)).toEqual(AGAINST_CSRF_PREVENTION)
  })
})
