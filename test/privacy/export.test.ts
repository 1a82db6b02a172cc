import { beforeAll, describe, expect, it } from 'vitest'
import { campaigning, handing, openShop } from '../campaign/world.ts'
import { createTestApp } from '../support/app.ts'
import { day } from '../support/shop.ts'

const EXPORT = 'query ($id: ID!) { customerExport(customerId: $id) }'

describe('customerExport', () => {
  const app = createTestApp({ SNAPSHOTS: 'on' })
  const { ready, step } = campaigning(app)
  const { pending, acknowledge } = handing(app)
  let campaignId: string
  let customerId: string

  const ask = (id: string) => app.ask(EXPORT, { role: 'PRIVACY_OFFICER', variables: { id } })
  const send = (mutation: string, role: 'INGEST' | 'PRIVACY_OFFICER', variables: object = {}) =>
    app.data(mutation, { role, variables: { ...variables } })

  beforeAll(async () => {
    await openShop(app, 30)
    campaignId = await ready({ holdoutShare: 0 })
    await step('launch', campaignId)
    const handed = await pending(campaignId)
    customerId = handed[0]!.customerId
    await acknowledge(handed.map(({ id }) => id))
    await send(
      'mutation ($customers: [CustomerInput!]!) { upsertCustomers(customers: $customers) { accepted } }',
      'INGEST',
      {
        customers: [
          {
            id: customerId,
            age: '35-44',
            language: 'en',
            name: 'Ada Byron',
            email: 'ada@example.com',
            phone: '+48123456789',
          },
        ],
      },
    )
    await send('mutation ($views: [ViewInput!]!) { recordViews(views: $views) { accepted } }', 'INGEST', {
      views: [{ id: 'looked', customerId, productId: 'b', at: day(40) }],
    })
    await send(
      'mutation ($interactions: [InteractionInput!]!) { recordInteractions(interactions: $interactions) { accepted rejected { message } } }',
      'INGEST',
      { interactions: [{ id: 'opened', customerId, campaignId, type: 'OPENED', at: new Date().toISOString() }] },
    )
    await send(
      'mutation ($id: ID!) { suppress(customerId: $id, channel: SMS, reason: "asked by phone") { id } }',
      'PRIVACY_OFFICER',
      { id: customerId },
    )
  })

  it('holds all there is of a customer, each piece with where it came from', async () => {
    await app.data('query ($id: ID!) { crossSell(customerId: $id) { source } }', {
      role: 'MARKETER',
      variables: { id: customerId },
    })
    const { data, errors } = await ask(customerId)
    expect(errors).toBeUndefined()
    const all = data.customerExport
    expect(all).toMatchObject({
      customerId,
      attributes: { data: { age: '35-44', language: 'en' } },
      contactDetails: { data: { name: 'Ada Byron', email: 'ada@example.com', phone: '+48123456789' } },
      orders: {
        data: [{ id: `o-${customerId}`, value: 1, lines: [{ productId: 'a', name: 'A', quantity: 1, value: 1 }] }],
      },
      views: { data: [{ id: 'looked', productId: 'b', at: day(40) }] },
      consents: { data: [{ channel: 'WEB', purpose: 'MARKETING', granted: true, source: 'test' }] },
      suppressions: { data: [{ channel: 'SMS', reason: 'asked by phone' }] },
      decisions: { data: [{ campaignId, arm: 'TREATMENT', channel: 'WEB', handedAt: expect.any(String) }] },
      purchases: { data: [{ productId: 'a', orders: 1 }] },
      groups: { data: ['age:35-44'] },
      objectsToProfiling: { data: false },
    })
    expect(all.interactions.data.map(({ type }: { type: string }) => type).sort()).toEqual(['OPENED', 'SENT'])
    const [decision] = all.decisions.data
    expect(decision.offers[0]).toMatchObject({ rank: 1, productId: 'b', reason: expect.any(String) })
    expect(decision.offers[0].evidence.length).toBeGreaterThan(0)
    expect(all.similarCustomers.data[0].customers).toBeGreaterThan(0)
    const { customerId: _, exportedAt: __, ...pieces } = all
    for (const [name, piece] of Object.entries<{ source: string }>(pieces))
      expect([name, piece.source]).toEqual([name, expect.any(String)])
  })

  it('holds nothing of anybody else', async () => {
    const text = JSON.stringify((await ask(customerId)).data.customerExport)
    const others = Array.from({ length: 30 }, (_, n) => `c${String(n).padStart(2, '0')}`).filter(
      (id) => id !== customerId,
    )
    for (const id of others) expect(text).not.toMatch(new RegExp(`"(o-|given-)?${id}"`))
  })

  it('says who is not known, and refuses what can be no id', async () => {
    expect((await ask('nobody')).errors![0]!.extensions.code).toBe('NOT_FOUND')
    expect((await ask('')).errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'customerId' })
  })
})
