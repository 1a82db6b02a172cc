import { beforeEach, describe, expect, it } from 'vitest'
import { type Ask, createTestApp, startTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { piiKey, UPSERT } from '../support/pii.ts'
import { emptyShop } from '../support/shop.ts'

const FIELDS = 'id of customerId channel reason at'
const SUPPRESS = `mutation ($customerId: ID, $email: String, $phone: String, $channel: Channel, $reason: String = "a complaint") {
  suppress(customerId: $customerId, email: $email, phone: $phone, channel: $channel, reason: $reason) { ${FIELDS} } }`
const LIST = `query ($customerId: ID, $email: String, $phone: String, $first: Int = 50) {
  suppressions(customerId: $customerId, email: $email, phone: $phone, first: $first) { ${FIELDS} } }`
const CHANNELS = ['EMAIL', 'SMS', 'PUSH', 'WEB'] as const

describe('The suppression list', () => {
  const app = createTestApp()
  type Customer = { id: string; email?: string | null; phone?: string | null }
  const upsert = (customers: Customer[], to = app) => to.data(UPSERT, { role: 'INGEST', variables: { customers } })
  beforeEach(async () => {
    await emptyShop(app)
    await upsert([
      { id: 'c1', email: 'Anna@example.com', phone: '+447700900123' },
      { id: 'c2', email: 'bert@example.com' },
    ])
  })

  const asPrivacy = (variables: object): Ask => ({ role: 'PRIVACY_OFFICER', variables })
  const suppress = async (variables: object, on = app) => (await on.data(SUPPRESS, asPrivacy(variables))).suppress
  const list = async (variables: object = {}) => (await app.data(LIST, asPrivacy(variables))).suppressions
  const closed = async (customerId: string, on = app) => {
    const allowed = (await on.services.consent.allowed([customerId], CHANNELS)).get(customerId)!
    return allowed.filter(({ suppressed }) => suppressed).map(({ channel }) => channel)
  }

  it('closes one channel to a customer, or all, and nothing to others', async () => {
    expect(await closed('c1')).toEqual([])
    expect(await suppress({ customerId: 'c1', channel: 'SMS' })).toMatchObject({
      of: 'CUSTOMER',
      customerId: 'c1',
      channel: 'SMS',
      reason: 'a complaint',
    })
    expect(await closed('c1')).toEqual(['SMS'])
    await suppress({ customerId: 'c1' })
    expect(await closed('c1')).toEqual(CHANNELS)
    expect(await closed('c2')).toEqual([])
  })

  it('closes them to whoever has an address, whatever its spelling, also to who gets it later and not to who gave it up', async () => {
    await suppress({ email: ' anna@EXAMPLE.com', channel: 'EMAIL' })
    await suppress({ phone: '+44 (0)7700 900123' })
    expect(await closed('c1')).toEqual(CHANNELS)
    await upsert([{ id: 'c1', phone: null }])
    expect(await closed('c1')).toEqual(['EMAIL'])
    await upsert([
      { id: 'c1', email: 'new@example.com' },
      { id: 'c2', email: 'ANNA@example.com' },
      { id: 'c3', phone: '+447700900123' },
    ])
    expect([await closed('c1'), await closed('c2'), await closed('c3')]).toEqual([[], ['EMAIL'], CHANNELS])
  })

  it('holds no address, neither in the graph nor in an answer', async () => {
    await suppress({ email: 'anna@example.com' })
    await suppress({ phone: '+447700900123' })
    const text = JSON.stringify([
      await list(),
      await cypher(app.driver, 'MATCH (s:Suppression) RETURN properties(s) AS s'),
    ])
    expect(text).not.toMatch(/anna|example|7700900123/i)
  })

  it('keeps an entry as it is when it is made again', async () => {
    const first = await suppress({ email: 'anna@example.com', reason: 'first' })
    expect(await suppress({ email: 'Anna@Example.com', reason: 'second' })).toEqual(first)
    const other = await suppress({ email: 'anna@example.com', channel: 'SMS' })
    expect(other.id).not.toBe(first.id)
    const made = await Promise.all(Array.from({ length: 8 }, () => suppress({ customerId: 'c2', channel: 'WEB' })))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect(await list()).toHaveLength(3)
  })

  it('is listed newest first, or what of it stands against a customer or an address', async () => {
    const byId = await suppress({ customerId: 'c1', channel: 'PUSH' })
    const byEmail = await suppress({ email: 'anna@example.com' })
    const other = await suppress({ email: 'bert@example.com' })
    expect(await list()).toEqual([other, byEmail, byId])
    expect(await list({ first: 2 })).toEqual([other, byEmail])
    expect(await list({ customerId: 'c1' })).toEqual([byEmail, byId])
    expect(await list({ email: 'ANNA@example.com' })).toEqual([byEmail])
    expect(await list({ phone: '+447700900123' })).toEqual([])
  })

  it('opens the channel again when an entry is taken off', async () => {
    const { id } = await suppress({ email: 'anna@example.com' })
    const remove = () => app.ask('mutation ($id: ID!) { unsuppress(id: $id) }', asPrivacy({ id }))
    expect((await remove()).data.unsuppress).toBe(true)
    expect(await closed('c1')).toEqual([])
    expect((await remove()).errors![0]!.extensions.code).toBe('NOT_FOUND')
  })

  it('holds after PII_KEY has changed, for addresses written before and since, as long as the old key is kept', async () => {
    await suppress({ email: 'anna@example.com', channel: 'EMAIL' })
    const rotated = await startTestApp({ PII_KEY: `new:${piiKey(2)},test:${piiKey(1)}` })
    try {
      await upsert([{ id: 'c4', email: 'anna@example.com' }], rotated)
      expect(await closed('c1', rotated)).toEqual(['EMAIL'])
      expect(await closed('c4', rotated)).toEqual(['EMAIL'])
      const [before] = await list({ email: 'anna@example.com' })
      expect(await suppress({ email: 'anna@example.com', channel: 'EMAIL' }, rotated)).toEqual(before)
      await suppress({ email: 'bert@example.com' }, rotated)
      expect(await closed('c2', rotated)).toEqual(CHANNELS)
    } finally {
      await rotated.stop()
    }
  })

  it.each([
    [SUPPRESS, {}, 'BAD_USER_INPUT', 'customerId'],
    [SUPPRESS, { customerId: 'c1', email: 'anna@example.com' }, 'BAD_USER_INPUT', 'email'],
    [SUPPRESS, { email: 'anna' }, 'BAD_USER_INPUT', 'email'],
    [SUPPRESS, { phone: '0770' }, 'BAD_USER_INPUT', 'phone'],
    [SUPPRESS, { customerId: '' }, 'BAD_USER_INPUT', 'customerId'],
    [SUPPRESS, { customerId: 'c1', reason: ' ' }, 'BAD_USER_INPUT', 'reason'],
    [SUPPRESS, { customerId: 'c1', reason: 'x'.repeat(501) }, 'BAD_USER_INPUT', 'reason'],
    [SUPPRESS, { customerId: 'nobody' }, 'NOT_FOUND', undefined],
    [LIST, { customerId: 'nobody' }, 'NOT_FOUND', undefined],
    [LIST, { email: 'anna@example.com', phone: '+447700900123' }, 'BAD_USER_INPUT', 'phone'],
    [LIST, { first: 0 }, 'BAD_USER_INPUT', 'first'],
    [LIST, { first: 101 }, 'BAD_USER_INPUT', 'first'],
  ])('refuses %s with %o: %s %s', async (query, variables, code, field) => {
    const { errors } = await app.ask(query, asPrivacy(variables))
    expect(errors![0]!.extensions).toEqual(field ? { code, field } : { code })
    expect(errors![0]!.message).not.toMatch(/anna@|0770/)
    expect(await cypher(app.driver, 'MATCH (s:Suppression) RETURN s.id')).toEqual([])
  })

  it.each(['STOREFRONT', 'MARKETER', 'ANALYST', 'INGEST', 'ADMIN'] as const)('is not for %s', async (role) => {
    for (const query of [
      '{ suppressions { id } }',
      'mutation { suppress(customerId: "c1", reason: "x") { id } }',
      'mutation { unsuppress(id: "x") }',
    ])
      expect((await app.ask(query, { role })).errors![0]!.extensions.code).toBe('FORBIDDEN')
  })

  it('is not for a token that speaks for one customer: an address may be another’s', async () => {
    const query = 'mutation { suppress(email: "anna@example.com", reason: "x") { id } }'
    const { errors } = await app.ask(query, { role: 'PRIVACY_OFFICER', customer: 'c2' })
    expect(errors![0]!.extensions.code).toBe('FORBIDDEN')
  })
})
