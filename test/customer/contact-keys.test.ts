import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import type { Role } from '../../src/auth/viewer.ts'
import { ask } from '../failure/support.ts'
import { createTestApp, testConfig } from '../support/app.ts'
import { backends, cypher } from '../support/graph.ts'
import { ANNA, piiKey, TEST_PII_KEY, UPSERT } from '../support/pii.ts'
import { emptyShop } from '../support/shop.ts'

describe('Contact details under another PII_KEY', () => {
  const app = createTestApp()
  const lines: string[] = []
  let other: App
  let both: App

  beforeAll(async () => {
    const stream = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(String(chunk))
        done()
      },
    })
    const start = (PII_KEY: string) => createApp(testConfig({ PII_KEY }), backends(), pino({ level: 'trace' }, stream))
    other = await start(`other:${piiKey(9)}`)
    both = await start(`other:${piiKey(9)},${TEST_PII_KEY}`)
  })
  beforeEach(async () => {
    await emptyShop(app)
    await app.data(UPSERT, { role: 'INGEST', variables: { customers: [{ ...ANNA, age: '45-54' }] } })
    lines.splice(0)
  })
  afterAll(async () => {
    await other?.stop()
    await both?.stop()
  })

  const over = (to: App, query: string, role: Role = 'PRIVACY_OFFICER', variables: object = {}) =>
    ask(to.url, query, { role, variables })
  const READ = '{ customer(id: "c1") { id age name email phone } }'

  it('that lacks theirs: the rest of the customer is answered, and the log names the key once', async () => {
    const { data, errors, codes } = await over(other, READ)
    expect(data.customer).toEqual({ id: 'c1', age: '45-54', name: null, email: null, phone: null })
    expect(codes).toEqual(['UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE'])
    expect(JSON.stringify(errors)).not.toMatch(/PII_KEY|test|stack/)
    expect(lines.filter((line) => line.includes('PII_KEY has no key with the id \\"test\\".'))).toHaveLength(1)
    expect(lines.join('')).not.toMatch(/"c1"|anna|447700|internal error/i)
  })

  it('that lacks theirs: a write that would need it is rejected, one that does not is taken', async () => {
    const write = async (...customers: object[]) =>
      (await over(other, UPSERT, 'INGEST', { customers })).data.upsertCustomers
    expect(await write({ id: 'c1', name: 'Someone' }, { id: 'c2', name: 'New' })).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0, id: 'c1', code: 'UNAVAILABLE' }],
    })
    expect(await write({ id: 'c1', age: '55-64' })).toMatchObject({ accepted: 1 })
    expect(await write({ id: 'c1', name: null, email: null, phone: null })).toMatchObject({ accepted: 1 })
    expect(await write({ id: 'c1', name: 'Anew' })).toMatchObject({ accepted: 1 })
    expect((await over(other, READ)).data.customer).toMatchObject({ age: '55-64', name: 'Anew' })
  })

  it('with both keys all is read and found, and what is new is written with the first', async () => {
    expect((await over(both, READ)).data.customer).toEqual({ ...ANNA, age: '45-54' })
    await over(both, UPSERT, 'INGEST', { customers: [{ ...ANNA, id: 'c2' }] })
    for (const by of ['email: "anna.z@example.com"', 'phone: "+447700900123"'])
      expect((await over(both, `{ customersByContact(${by}) { id name } }`)).data.customersByContact).toEqual([
        { id: 'c1', name: ANNA.name },
        { id: 'c2', name: ANNA.name },
      ])
    const [row] = await cypher<{ key: string }>(app.driver, `MATCH (c:Customer {id: 'c2'}) RETURN c.contactKey AS key`)
    expect(row!.key).toMatch(/^v1\.other\./)
  })

  it('are in no line of the log, whatever is done with them', async () => {
    await over(both, UPSERT, 'INGEST', {
      customers: [
        { ...ANNA, id: 'c3' },
        { id: 'c4', email: 'anna bad' },
      ],
    })
    await over(both, UPSERT, 'INGEST', { customers: [{ ...ANNA, phone: 447700900123 }] })
    await over(
      both,
      `mutation { upsertCustomers(customers: [{ id: "c5", name: "Anna" email: 5 }]) { accepted } }`,
      'INGEST',
    )
    await over(both, READ)
    await over(both, '{ customersByContact(email: "anna.z@example.com") { name email phone } }')
    await over(both, '{ customersByContact(email: "anna.z@example") { name } }', 'MARKETER')
    await over(other, READ)
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.join('')).not.toMatch(/anna|example\.com|447700/i)
  })
})
