import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import type { Role } from '../../src/auth/viewer.ts'
import { createRotationService } from '../../src/modules/privacy/rotation.service.ts'
import { parsePiiKeys } from '../../src/pii/keys.ts'
import { createVault } from '../../src/pii/vault.ts'
import { PROJECT_ROOT } from '../../src/root.ts'
import { ask } from '../failure/support.ts'
import { createTestApp, testConfig } from '../support/app.ts'
import { backends, cypher } from '../support/graph.ts'
import { ANNA, piiKey, TEST_PII_KEY, UPSERT } from '../support/pii.ts'
import { emptyShop } from '../support/shop.ts'

const NEW = `new:${piiKey(5)}`
const BOTH = `${NEW},${TEST_PII_KEY}`
const READ = 'query ($id: ID!) { customer(id: $id) { name email phone } }'
const never = new AbortController().signal

describe('npm run pii:rotate', () => {
  const app = createTestApp()
  let later: App

  beforeAll(async () => {
    later = await createApp(testConfig({ PII_KEY: NEW }), backends())
    await emptyShop(app)
    const customers = [
      ANNA,
      ...['c2', 'c3', 'lost'].map((id) => ({ id, name: `Name ${id}`, email: `${id}@example.com` })),
    ]
    await app.data(UPSERT, { role: 'INGEST', variables: { customers } })
    for (const email of [ANNA.email, 'nobody@example.com'])
      await app.data('mutation ($email: String!) { suppress(email: $email, reason: "asked") { id } }', {
        role: 'PRIVACY_OFFICER',
        variables: { email },
      })
    // One bit of the key that wraps theirs.
    await cypher(
      app.driver,
      `MATCH (c:Customer {id: 'lost'})
       SET c.contactKey = left(c.contactKey, 12) + CASE substring(c.contactKey, 12, 1) WHEN 'A' THEN 'B' ELSE 'A' END + substring(c.contactKey, 13)`,
    )
  })
  afterAll(() => later?.stop())

  const over = (to: { url: string }, query: string, variables: object = {}, role: Role = 'PRIVACY_OFFICER') =>
    ask(to.url, query, { role, variables })
  const run = async (env: Record<string, string>, ...args: string[]) => {
    const { uri, username, password } = backends().neo4j
    return promisify(execFile)(process.execPath, ['--import', 'tsx', 'src/commands/pii-rotate.ts', ...args], {
      cwd: PROJECT_ROOT,
      env: { PATH: process.env.PATH!, NEO4J_URI: uri, NEO4J_USERNAME: username, NEO4J_PASSWORD: password, ...env },
    })
  }

  it('puts details, indexes and suppressed addresses under the first key, and says what it could not', async () => {
    const before = await over(later, READ, { id: 'c1' })
    expect(before.codes).toContain('UNAVAILABLE')
    const shares: number[] = []
    const rotation = createRotationService({ graph: app.graph, vault: createVault(parsePiiKeys(BOTH)) })
    const done = await rotation.rotate({ onProgress: (_done, share) => shares.push(share), signal: never })
    expect(done).toEqual({ customers: 3, unreadable: 1, suppressionsLeft: 1 })
    expect(shares.at(-1)).toBe(1)

    const { data, errors } = await over(later, READ, { id: 'c1' })
    expect([errors, data.customer]).toEqual([undefined, { name: ANNA.name, email: ANNA.email, phone: ANNA.phone }])
    const found = await over(later, 'query ($email: String) { customersByContact(email: $email) { id } }', {
      email: ANNA.email.toUpperCase(),
    })
    expect(found.data.customersByContact).toEqual([{ id: 'c1' }])
    const suppressed = await over(later, '{ suppressions(customerId: "c1") { reason } }')
    expect(suppressed.data.suppressions).toEqual([{ reason: 'asked' }])
    // Whose key is lost loses their own details and nobody else's.
    expect((await over(later, READ, { id: 'lost' })).codes).toContain('UNAVAILABLE')
    expect((await over(later, READ, { id: 'c2' })).data.customer.email).toBe('c2@example.com')
  })

  it('is a command that changes nothing the second time, and tells what is left', async () => {
    const { stdout } = await run({ PII_KEY: BOTH })
    expect(stdout).toContain('Under key new now: 0 customers.')
    expect(stdout).toContain('1 customers can be read by none of the keys given')
    expect(stdout).toContain('1 entries of the suppression list')
    expect((await run({}, '--help')).stdout).toContain('npm run pii:rotate')
  })
})
