import type { Role } from '../../src/auth/viewer.ts'
import type { TestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { day, emptyShop, order, record, train } from '../support/shop.ts'

export const FAR = '2100-01-01T00:00:00.000Z'
export const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString()

type Steps = 'approve' | 'schedule' | 'launch' | 'pause' | 'complete'
const FIELDS = `id name status approvedBy approvedAt launchedAt completedAt
  lastEdit { at by changes { field affects } statusBefore approvalDropped }`

/** Customers c00 to c19, who all bought `a`, and every third `b` besides; who agree to be written to on the web, but for the last two. */
export async function openShop(app: TestApp, customers = 20): Promise<void> {
  await emptyShop(app)
  await cypher(
    app.driver,
    `FOREACH (id IN ['a', 'b'] | CREATE (:Product {id: id, name: toUpper(id), active: true, merchandise: true, category: 'C', type: 'T', department: 'D'}))
     CREATE (:Segment {id: 'all', name: 'All', condition: $condition})`,
    { condition: JSON.stringify({ not: { attribute: { name: 'kids' } } }) },
  )
  const ids = Array.from({ length: customers }, (_, n) => `c${String(n).padStart(2, '0')}`)
  await record(
    app,
    ids.map((id, n) => order(`o-${id}`, id, day(1 + (n % 30)), n % 3 === 0 ? ['a', 'b'] : ['a'])),
  )
  await cypher(
    app.driver,
    `UNWIND $ids AS id MATCH (c:Customer {id: id})
     CREATE (c)-[:GAVE]->(:Consent {id: 'given-' + id, channel: 'WEB', purpose: 'MARKETING', granted: true, source: 'test', at: datetime('2024-01-01')})`,
    { ids: ids.slice(0, -2) },
  )
  await train(app)
}

/** Campaigns over the public API: MARKETER writes them, ADMIN (another subject) approves. */
export const campaigning = (app: TestApp) => {
  const input = (over: object = {}) => ({
    name: 'Spring',
    segmentId: 'all',
    products: ['b'],
    channels: ['WEB'],
    startsAt: inSeconds(-60),
    endsAt: FAR,
    holdoutShare: 0.3,
    ...over,
  })
  const create = async (over: object = {}): Promise<string> =>
    (
      await app.data('mutation ($input: CampaignInput!) { createCampaign(input: $input) { id } }', {
        role: 'MARKETER',
        variables: { input: input(over) },
      })
    ).createCampaign.id
  const tryStep = (step: Steps, id: string, role: Role = step === 'approve' ? 'ADMIN' : 'MARKETER') =>
    app.ask(`mutation ($id: ID!) { done: ${step}Campaign(id: $id) { ${FIELDS} } }`, { role, variables: { id } })
  const step = async (name: Steps, id: string, role?: Role) => {
    const { data, errors } = await tryStep(name, id, role)
    if (errors) throw new Error(`${name}: ${JSON.stringify(errors)}`)
    return data.done
  }
  const build = async (id: string) =>
    (
      await app.data('mutation ($id: ID!) { buildAudience(campaignId: $id) { treatment holdout excluded } }', {
        role: 'MARKETER',
        variables: { id },
      })
    ).buildAudience as { treatment: number; holdout: number; excluded: number }
  return {
    input,
    create,
    tryStep,
    step,
    build,
    /** Built and approved. */
    ready: async (over: object = {}): Promise<string> => {
      const id = await create(over)
      await build(id)
      await step('approve', id)
      return id
    },
    tryUpdate: (id: string, over: object = {}) =>
      app.ask(
        `mutation ($id: ID!, $input: CampaignInput!) { done: updateCampaign(id: $id, input: $input) { ${FIELDS} } }`,
        {
          role: 'MARKETER',
          variables: { id, input: input(over) },
        },
      ),
    status: async (id: string): Promise<string> =>
      (
        await cypher<{ status: string }>(app.driver, 'MATCH (k:Campaign {id: $id}) RETURN k.status AS status', { id })
      )[0]!.status,
  }
}

export type Pending = {
  id: string
  customerId: string
  arm: string
  channel: string
  handover: {
    state: string
    reasons: string[]
    until: string | null
    at: string | null
    attempts: number
    error: string | null
  }
  offers: { reason: string; product: { id: string } }[]
}
const DECISION =
  '{ id customerId arm channel handover { state reasons until at attempts error } offers { reason product { id } } model { id } }'

/** As the tool that writes to customers would ask. */
export const handing = (app: TestApp) => ({
  pending: async (campaignId: string, first = 1_000): Promise<Pending[]> =>
    (
      await app.data(
        `query ($campaignId: ID!, $first: Int!) { pendingDecisions(campaignId: $campaignId, first: $first) ${DECISION} }`,
        {
          role: 'INGEST',
          variables: { campaignId, first },
        },
      )
    ).pendingDecisions,
  tryAcknowledge: (ids: string[]) =>
    app.ask('mutation ($ids: [ID!]!) { acknowledgeDecisions(ids: $ids) }', { role: 'INGEST', variables: { ids } }),
  acknowledge: async (ids: string[]): Promise<number> =>
    (
      await app.data('mutation ($ids: [ID!]!) { acknowledgeDecisions(ids: $ids) }', {
        role: 'INGEST',
        variables: { ids },
      })
    ).acknowledgeDecisions,
  of: async (campaignId: string, customerId: string): Promise<Pending> =>
    (
      await app.data(
        `query ($campaignId: ID!, $customerId: ID!) { decision(campaignId: $campaignId, customerId: $customerId) ${DECISION} }`,
        {
          role: 'MARKETER',
          variables: { campaignId, customerId },
        },
      )
    ).decision,
  consent: (customerId: string, granted: boolean, channel = 'WEB', purpose = 'MARKETING') =>
    app.data(
      `mutation ($customerId: ID!, $channel: Channel!, $purpose: Purpose!, $granted: Boolean!) {
         setConsent(customerId: $customerId, channel: $channel, purpose: $purpose, granted: $granted, source: "test") { id } }`,
      { role: 'PRIVACY_OFFICER', variables: { customerId, channel, purpose, granted } },
    ),
})
