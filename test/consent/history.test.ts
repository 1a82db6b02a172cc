import { beforeEach, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { UPSERT } from '../support/pii.ts'
import { emptyShop } from '../support/shop.ts'

const SET = `mutation ($customerId: ID!, $channel: Channel!, $purpose: Purpose = MARKETING, $granted: Boolean!, $source: String = "a form") {
  setConsent(customerId: $customerId, channel: $channel, purpose: $purpose, granted: $granted, source: $source) { id at } }`
const HISTORY = `query ($customerId: ID!, $first: Int) {
  consents(customerId: $customerId, first: $first) { id customerId channel purpose granted source at } }`

describe('Consent', () => {
  const app = createTestApp()
  beforeEach(async () => {
    await emptyShop(app)
    const customers = [{ id: 'c1', email: 'one@example.com' }, { id: 'c2' }]
    await app.data(UPSERT, { role: 'INGEST', variables: { customers } })
  })

  const set = (channel: string, granted: boolean, more: object = {}) =>
    app.data(SET, { role: 'INGEST', variables: { customerId: 'c1', channel, granted, ...more } })
  const history = async (variables: object) =>
    (await app.data(HISTORY, { role: 'MARKETER', variables: { first: 100, ...variables } })).consents
  const agreed = async (customerId = 'c1') => {
    const allowed = (await app.services.consent.allowed([customerId], ['EMAIL', 'SMS', 'PUSH', 'WEB'])).get(customerId)!
    return allowed.filter(({ consent }) => consent).map(({ channel }) => channel)
  }

  it('to marketing is missing until it is given, for each channel by itself', async () => {
    expect(await agreed()).toEqual([])
    await set('EMAIL', true)
    expect(await agreed()).toEqual(['EMAIL'])
    await set('PUSH', true)
    expect(await agreed()).toEqual(['EMAIL', 'PUSH'])
    expect(await agreed('c2')).toEqual([])
    expect(await agreed('nobody')).toEqual([])
  })

  it('to profiling is none to marketing, and an objection to it withdraws none', async () => {
    await set('EMAIL', true, { purpose: 'PROFILING' })
    expect(await agreed()).toEqual([])
    await set('EMAIL', true)
    await set('EMAIL', false, { purpose: 'PROFILING' })
    expect(await agreed()).toEqual(['EMAIL'])
  })

  it('is over as soon as its withdrawal is answered, and there again when it is given again', async () => {
    for (const granted of [true, false, true, false]) {
      await set('SMS', granted)
      expect(await agreed()).toEqual(granted ? ['SMS'] : [])
    }
  })

  it('that is withdrawn while a decision holds the customer is withdrawn after it: the withdrawal waits', async () => {
    await set('EMAIL', true)
    let withdrawal: Promise<unknown> = Promise.resolve()
    let answered = false
    await app.graph.transaction(async (tx) => {
      await tx.query('customer/lock', { ids: ['c1'] })
      withdrawal = set('EMAIL', false).then(() => {
        answered = true
      })
      const [email] = (await app.services.consent.allowed(['c1'], ['EMAIL'], tx)).get('c1')!
      expect(email!.consent).toBe(true)
      expect(answered).toBe(false)
    })
    await withdrawal
    expect(await agreed()).toEqual([])
  })

  it('has a history: what was said, when, where and to what, the newest first', async () => {
    await set('EMAIL', true, { source: 'the shop in Leeds' })
    await set('EMAIL', false, { source: 'a call' })
    await set('WEB', false, { purpose: 'PROFILING', source: 'a letter' })
    const said = await history({ customerId: 'c1' })
    expect(said).toMatchObject([
      { customerId: 'c1', channel: 'WEB', purpose: 'PROFILING', granted: false, source: 'a letter' },
      { customerId: 'c1', channel: 'EMAIL', purpose: 'MARKETING', granted: false, source: 'a call' },
      { customerId: 'c1', channel: 'EMAIL', purpose: 'MARKETING', granted: true, source: 'the shop in Leeds' },
    ])
    const times = said.map(({ at }: { at: string }) => Date.parse(at))
    expect(times).toEqual([...times].sort((a, b) => b - a))
    expect(await history({ customerId: 'c1', first: 1 })).toEqual(said.slice(0, 1))
    expect(await history({ customerId: 'c2' })).toEqual([])
  })

  it.each([
    [{ customerId: 'nobody' }, 'NOT_FOUND', undefined],
    [{ customerId: '' }, 'BAD_USER_INPUT', 'customerId'],
    [{ customerId: 'c1', first: 0 }, 'BAD_USER_INPUT', 'first'],
    [{ customerId: 'c1', first: 101 }, 'BAD_USER_INPUT', 'first'],
  ])('has no history for %o: %s', async (variables, code, field) => {
    const { errors } = await app.ask(HISTORY, { role: 'INGEST', variables: { first: 1, ...variables } })
    expect(errors![0]!.extensions).toEqual(field ? { code, field } : { code })
  })

  it.each([
    ['MARKETER', undefined],
    ['INGEST', undefined],
    ['PRIVACY_OFFICER', undefined],
    ['ADMIN', 'FORBIDDEN'],
    ['ANALYST', 'FORBIDDEN'],
    ['STOREFRONT', 'FORBIDDEN'],
  ] as const)('and its history: %s is answered %s', async (role, code) => {
    const { errors } = await app.ask(HISTORY, { role, variables: { customerId: 'c1', first: 1 } })
    expect(errors?.[0]?.extensions.code).toBe(code)
  })

  it('and its history of another customer are not for a token that speaks for one', async () => {
    const query = HISTORY
    const ask = (customerId: string) =>
      app.ask(query, { role: 'INGEST', customer: 'c1', variables: { customerId, first: 1 } })
    expect((await ask('c1')).errors).toBeUndefined()
    expect((await ask('c2')).errors![0]!.extensions.code).toBe('FORBIDDEN')
  })
})
