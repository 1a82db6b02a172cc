import type { TestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { market, tell } from '../support/market.ts'
import { day, train } from '../support/shop.ts'

export type TestDecision = {
  id: string
  customerId: string
  campaignId: string
  arm: string
  reasons: string[]
  channel: string | null
  notBefore: string | null
  at: string
  asOf: string
  model: { id: string }
  candidates: Record<string, number>
  // biome-ignore lint/suspicious/noExplicitAny: whatever was read
  rules: any
  differences: { what: string; recorded: string | null; today: string | null }[] | null
  offers: {
    rank: number
    score: number
    reason: string
    otherContribution: number
    product: { id: string; name: string }
    evidence: {
      kind: string
      contribution: number
      share: number
      reason: string
      path: { label: string; id: string | null; name: string; relationship: string | null; direction: string | null }[]
      support: Record<string, number | null> | null
    }[]
  }[]
}

const DECISION = `{ id customerId campaignId arm reasons channel notBefore at asOf model { id } rules differences { what recorded today }
  candidates { named sold notOwned reached offered }
  offers { rank score reason otherContribution product { id name }
    evidence { kind contribution share reason path { label id name relationship direction }
      support { orders customers support confidence lift cosine medianDays } } } }`
const BUILD = 'mutation ($id: ID!) { buildAudience(campaignId: $id) { treatment holdout excluded } }'
const OF = `query ($campaignId: ID!, $customerId: ID!) { decision(campaignId: $campaignId, customerId: $customerId) ${DECISION} }`
const CREATE = 'mutation ($input: CampaignInput!) { createCampaign(input: $input) { id } }'
const UPDATE = 'mutation ($id: ID!, $input: CampaignInput!) { updateCampaign(id: $id, input: $input) { id } }'
const CONSENT = `mutation ($customerId: ID!, $channel: Channel!, $purpose: Purpose!, $granted: Boolean!) {
  setConsent(customerId: $customerId, channel: $channel, purpose: $purpose, granted: $granted, source: "test") { id } }`
const CONTACTS =
  'mutation ($customers: [CustomerInput!]!) { upsertCustomers(customers: $customers) { rejected { message } } }'
const PROGRESS = `query ($id: ID!) { audienceProgress(campaignId: $id) {
  status total decided treatment holdout excluded startedAt finishedAt reasons { reason customers } } }`

export const EVERYONE = { not: { attribute: { name: 'kids', in: ['as many as nobody has'] } } }
export const PRODUCTS = Array.from({ length: 10 }, (_, n) => `p${String(n + 2).padStart(2, '0')}`)

/** Campaigns and their decisions over the public API. */
export const deciding = (app: TestApp) => {
  let made = 0
  const ask = (query: string, variables: object) => app.ask(query, { role: 'MARKETER', variables })
  const data = (query: string, variables: object) => app.data(query, { role: 'MARKETER', variables })
  const segment = async (condition: object): Promise<string> => {
    const query = 'mutation ($input: SegmentInput!) { saveSegment(input: $input) { id } }'
    return (await data(query, { input: { name: 'Some', condition } })).saveSegment.id
  }
  /** Each in a time of its own, so that none has to do with another. */
  const input = async (over: object = {}) => {
    made++
    const [startsAt, endsAt] = [day(1_000 + 10 * made), day(1_005 + 10 * made)]
    const segmentId = 'segmentId' in over ? over.segmentId : await segment(EVERYONE)
    return {
      name: 'Test',
      segmentId,
      products: PRODUCTS,
      channels: ['EMAIL'],
      startsAt,
      endsAt,
      holdoutShare: 0,
      ...over,
    }
  }
  return {
    segment,
    input,
    create: async (over: object = {}): Promise<string> =>
      (await data(CREATE, { input: await input(over) })).createCampaign.id,
    update: (id: string, given: object) => data(UPDATE, { id, input: given }),
    build: async (id: string): Promise<Record<'treatment' | 'holdout' | 'excluded', number>> =>
      (await data(BUILD, { id })).buildAudience,
    tryBuild: (id: string) => ask(BUILD, { id }),
    progress: async (id: string) => (await data(PROGRESS, { id })).audienceProgress,
    of: async (campaignId: string, customerId: string): Promise<TestDecision> =>
      (await data(OF, { campaignId, customerId })).decision,
    tryOf: (campaignId: string, customerId: string) => ask(OF, { campaignId, customerId }),
    replay: async (id: string): Promise<TestDecision> =>
      (await data(`query ($id: ID!) { replayDecision(id: $id) ${DECISION} }`, { id })).replayDecision,
    consent: (customerId: string, granted: boolean, channel = 'EMAIL', purpose = 'MARKETING') =>
      app.data(CONSENT, { role: 'PRIVACY_OFFICER', variables: { customerId, channel, purpose, granted } }),
    /** What is written of a campaign: by customer, as it stands in the graph. */
    written: (campaignId: string) =>
      cypher<{ customerId: string; arm: string; reasons: string[]; score: number | null; id: string; at: string }>(
        app.driver,
        `MATCH (c:Customer)-[:GOT]->(d:Decision)-[:IN]->(:Campaign {id: $campaignId})
         RETURN c.id AS customerId, d.arm AS arm, d.reasons AS reasons, d.score AS score, d.id AS id, d.at AS at ORDER BY customerId`,
        { campaignId },
      ),
  }
}

export const customersOf = async (app: TestApp): Promise<string[]> =>
  (await cypher<{ id: string }>(app.driver, 'MATCH (c:Customer) RETURN c.id AS id ORDER BY id')).map(({ id }) => id)

/** The market, a model, and everybody with an e-mail address, who agrees to be written to by e-mail. */
export async function openShop(app: TestApp): Promise<string> {
  await tell(app, market())
  const ids = await customersOf(app)
  const customers = ids.map((id) => ({ id, email: `${id}@example.com` }))
  await app.data(CONTACTS, { role: 'INGEST', variables: { customers } })
  const { consent } = deciding(app)
  for (const id of ids) await consent(id, true)
  return train(app)
}
