import { beforeEach, describe, expect, it } from 'vitest'
import { InteractionType } from '../../src/generated/enums.ts'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { day, emptyShop } from '../support/shop.ts'

const RECORD = `mutation ($interactions: [InteractionInput!]!) {
  recordInteractions(interactions: $interactions) { accepted duplicates rejected { id code field message } } }`
const P = { role: 'PRIVACY_OFFICER' } as const

describe('What customers answer to a campaign', () => {
  const app = createTestApp()
  beforeEach(async () => {
    await emptyShop(app)
    await cypher(
      app.driver,
      `CREATE (:Campaign {id: 'k', name: 'K', status: 'RUNNING', startsAt: datetime($at), channels: ['EMAIL', 'SMS']}),
              (:Campaign {id: 'single', name: 'S', status: 'RUNNING', startsAt: datetime($at), channels: ['PUSH']})`,
      { at: day(1) },
    )
    await app.data(
      'mutation { upsertCustomers(customers: [{ id: "c1", email: "c1@example.com", phone: "+48123456789" }, { id: "c2" }]) { accepted } }',
      { role: 'INGEST' },
    )
  })

  let sent = 0
  const interaction = (type: string, more: object = {}) => ({
    id: `i${sent++}`,
    ...{ customerId: 'c1', campaignId: 'k', type, channel: 'EMAIL', at: day(10) },
    ...more,
  })
  const record = async (interactions: object[]) =>
    (await app.data(RECORD, { role: 'INGEST', variables: { interactions } })).recordInteractions
  const consents = async (customerId = 'c1') =>
    (await app.data(`{ consents(customerId: "${customerId}") { channel purpose granted source at } }`, P)).consents
  const suppressions = async () => (await app.data('{ suppressions { of customerId channel reason } }', P)).suppressions
  const grant = (at: string) =>
    cypher(
      app.driver,
      `MATCH (c:Customer {id: 'c1'}) CREATE (c)-[:GAVE]->(:Consent {id: randomUUID(), channel: 'EMAIL', purpose: 'MARKETING', granted: true, source: 'form', at: datetime($at)})`,
      { at },
    )
  const mayWrite = async () => (await app.services.consent.allowed(['c1'], ['EMAIL'])).get('c1')![0]!

  it('takes all nine types, in any order, each once', async () => {
    const all = Object.values(InteractionType).map((type) => interaction(type))
    for (const order of [all, [...all].reverse()]) {
      await cypher(app.driver, 'MATCH (n) WHERE n:Interaction OR n:Event OR n:Consent OR n:Suppression DETACH DELETE n')
      for (const one of order) expect(await record([one])).toMatchObject({ accepted: 1, rejected: [] })
      expect(await record(all)).toMatchObject({ accepted: 0, duplicates: 9 })
      expect((await consents()).length).toBe(2)
      expect((await suppressions()).length).toBe(2)
    }
  })

  it('withdraws consent of who unsubscribed, by that channel, and names the interaction as its source', async () => {
    await grant(day(2))
    expect((await mayWrite()).consent).toBe(true)
    const one = interaction('UNSUBSCRIBED')
    await record([one])
    expect((await consents())[0]).toEqual({
      ...{ channel: 'EMAIL', purpose: 'MARKETING', granted: false },
      source: `interaction ${one.id}`,
      at: day(10),
    })
    expect(await mayWrite()).toMatchObject({ consent: false, suppressed: false })
  })

  it('goes by when they did so: what they agreed to later stays agreed to, however late it is told', async () => {
    await grant(day(20))
    await record([interaction('UNSUBSCRIBED')])
    expect((await mayWrite()).consent).toBe(true)
    await record([interaction('UNSUBSCRIBED', { at: day(21) })])
    expect((await mayWrite()).consent).toBe(false)
    await record([interaction('UNSUBSCRIBED', { at: '2999-01-01T00:00:00Z' })])
    expect(Date.parse((await consents())[0].at)).toBeLessThanOrEqual(Date.now())
  })

  it('suppresses the address that bounced, and not who moves to another', async () => {
    await grant(day(2))
    const one = interaction('BOUNCED')
    await record([one])
    const reason = `BOUNCED: interaction ${one.id}`
    expect(await suppressions()).toEqual([{ of: 'EMAIL', customerId: null, channel: 'EMAIL', reason }])
    expect(await mayWrite()).toMatchObject({ consent: true, suppressed: true })
    await app.data('mutation { upsertCustomers(customers: [{ id: "c1", email: "new@example.com" }]) { accepted } }', {
      role: 'INGEST',
    })
    expect(await mayWrite()).toMatchObject({ consent: true, suppressed: false })
    await record([interaction('BOUNCED', { channel: 'SMS' }), interaction('BOUNCED', { customerId: 'c2' })])
    expect((await suppressions()).map(({ of }: { of: string }) => of).sort()).toEqual(['CUSTOMER', 'EMAIL', 'PHONE'])
  })

  it('suppresses who complained, by that channel, and withdraws their consent', async () => {
    await grant(day(2))
    const one = interaction('COMPLAINED')
    await record([one])
    const reason = `COMPLAINED: interaction ${one.id}`
    expect(await suppressions()).toEqual([{ of: 'CUSTOMER', customerId: 'c1', channel: 'EMAIL', reason }])
    expect(await mayWrite()).toMatchObject({ consent: false, suppressed: true })
  })

  it('takes a channel that is not told from the decision, else the only one of the campaign, else means all', async () => {
    await cypher(
      app.driver,
      `MATCH (c:Customer {id: 'c1'}), (k:Campaign {id: 'k'}) CREATE (c)-[:GOT]->(:Decision {id: 'd', arm: 'TREATMENT', channel: 'SMS', at: datetime($at)})-[:IN]->(k)`,
      { at: day(2) },
    )
    const unsubscribed = (customerId: string, campaignId: string) =>
      record([interaction('UNSUBSCRIBED', { customerId, campaignId, channel: null })])
    await unsubscribed('c1', 'k')
    await unsubscribed('c1', 'single')
    expect((await consents()).map(({ channel }: { channel: string }) => channel).sort()).toEqual(['PUSH', 'SMS'])
    await unsubscribed('c2', 'k')
    expect((await consents('c2')).map(({ channel }: { channel: string }) => channel).sort()).toEqual([
      'EMAIL',
      'PUSH',
      'SMS',
      'WEB',
    ])
  })

  it('rejects what is before its campaign or of an unknown one, naming the field, and heeds nothing of it', async () => {
    const early = interaction('COMPLAINED', { at: '2023-12-31T00:00:00Z' })
    const unknown = interaction('UNSUBSCRIBED', { campaignId: 'none' })
    const { accepted, rejected } = await record([early, unknown, interaction('OPENED')])
    expect(accepted).toBe(1)
    expect(rejected).toMatchObject([
      { id: early.id, code: 'BAD_USER_INPUT', field: 'at' },
      { id: unknown.id, code: 'NOT_FOUND', field: 'campaignId' },
    ])
    expect([await consents(), await suppressions()]).toEqual([[], []])
  })
})
