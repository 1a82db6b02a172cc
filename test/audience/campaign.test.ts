import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { day, describeProducts, record, type TestLine, type TestOrder, train } from '../support/shop.ts'

type Evidence = {
  kind: string
  contribution: number
  share: number
  reason: string
  path: { label: string; id: string | null; name: string; relationship: string | null; direction: string | null }[]
}
type Audience = {
  total: number
  note: string | null
  members: { customer: { id: string }; score: number; evidence: Evidence[] }[]
}

const AUDIENCE = `query ($campaignId: ID!, $first: Int, $language: Language) {
  audience(campaignId: $campaignId, first: $first, language: $language) { total note members { score customer { id }
    evidence { kind contribution share reason path { label id name relationship direction } } } } }`

const campaign = (app: TestApp, id: string, startsAt: string, endsAt: string) =>
  cypher(
    app.driver,
    `MERGE (c:Campaign {id: $id}) SET c.name = 'Campaign ' + $id, c.status = 'COMPLETED', c.startsAt = datetime($startsAt), c.endsAt = datetime($endsAt)
     MERGE (k:Coupon {id: 'k1'}) MERGE (c)-[:OFFERS]->(k)
     WITH c, k MATCH (p:Product) WHERE p.id IN ['milk', 'bread'] MERGE (c)-[:PROMOTES]->(p)
     WITH k, p WHERE p.id = 'milk' MERGE (k)-[:FOR]->(p)`,
    { id, startsAt, endsAt },
  )

const did = async (app: TestApp, type: string, campaignId: string, at: string, customerIds: string[]) => {
  const interactions = customerIds.map((customerId) => ({
    id: `${type}-${campaignId}-${customerId}`,
    customerId,
    campaignId,
    type,
    at,
  }))
  const text =
    'mutation ($interactions: [InteractionInput!]!) { recordInteractions(interactions: $interactions) { accepted } }'
  expect((await app.data(text, { role: 'INGEST', variables: { interactions } })).recordInteractions.accepted).toBe(
    interactions.length,
  )
}

const plain = (productId: string): TestLine => ({ productId, quantity: 1, value: 2 })
const withCoupon = (productId: string) => ({ ...plain(productId), discount: 1, couponDiscount: 0.5 })
const bought = (id: string, customerId: string, number: number, ...lines: TestLine[]): TestOrder => ({
  id,
  customerId,
  placedAt: day(number),
  lines,
})

const asking =
  (app: TestApp) =>
  async (campaignId: string, more: object = {}): Promise<Audience> =>
    (await app.data(AUDIENCE, { role: 'MARKETER', variables: { campaignId, ...more } })).audience

function expectSums({ members }: Audience): void {
  for (const [at, { score, evidence }] of members.entries()) {
    const size = evidence.reduce((sum, { contribution }) => sum + Math.abs(contribution), 0)
    const sum = evidence.reduce((total, { contribution }) => total + contribution, 0)
    expect(Math.abs(sum - score)).toBeLessThanOrEqual(1e-9 * Math.max(1, size))
    expect(score).toBeLessThanOrEqual(members[at - 1]?.score ?? Number.POSITIVE_INFINITY)
    for (const { contribution, share } of evidence) expect(share).toBeCloseTo(Math.abs(contribution) / size, 9)
  }
}

describe('The audience of a campaign, with nothing to learn from', () => {
  const app = createTestApp()
  const audience = asking(app)

  beforeAll(async () => {
    await record(app, [
      // One half-life before the start, and half of one.
      bought('a1', 'a', 20, withCoupon('milk'), withCoupon('soap')),
      bought('a2', 'a', 110, plain('milk')),
      bought('c1', 'c', 110, plain('bread')),
      bought('d1', 'd', 110, withCoupon('milk')),
      bought('e1', 'elsewhere', 199, withCoupon('milk')),
      bought('a3', 'a', 201, withCoupon('milk'), withCoupon('bread')),
      bought('b3', 'b', 201, withCoupon('milk')),
    ])
    await describeProducts(app, [{ id: 'milk' }, { id: 'bread' }, { id: 'soap' }])
    await campaign(app, 'old', day(5), day(30))
    await campaign(app, 'now', day(200), day(230))
    await did(app, 'REDEEMED', 'old', day(20), ['a'])
    await did(app, 'SENT', 'now', day(200), ['a', 'b', 'c', 'd'])
    await did(app, 'REDEEMED', 'now', day(202), ['b'])
    await app.data(
      'mutation { setConsent(customerId: "d", channel: EMAIL, purpose: PROFILING, granted: false, source: "form") { id } }',
      { role: 'INGEST' },
    )
    await app.data(
      'mutation { upsertCustomers(customers: [{ id: "elsewhere", age: "45-54" }, { id: "d", age: "45-54" }]) { accepted } }',
      { role: 'INGEST' },
    )
    await train(app)
  })

  it('scores each as they were when it started, by a fixed formula of what fades to half in 180 days', async () => {
    const { total, note, members } = await audience('now')
    expect(note).toContain('fixed formula')
    expect(total).toBe(3)
    expect(members.map(({ customer }) => customer.id)).toEqual(['a', 'c', 'b'])
    const [half, quarter] = [0.5, 0.5 ** 0.5]
    const a = Math.log1p(2 * half) + Math.log1p(half) + Math.log1p(half + quarter) / 2
    expect(members[0]!.score).toBeCloseTo(a, 12)
    expect(members[1]!.score).toBeCloseTo(Math.log1p(quarter) / 2, 12)
    expect(members[2]).toMatchObject({ score: 0, evidence: [] })
  })

  it('explains a score as a sum over what this customer bought and responded to', async () => {
    const all = await audience('now')
    expectSums(all)
    const told = Object.fromEntries(all.members[0]!.evidence.map((one) => [one.reason, one]))
    expect(Object.keys(told).sort()).toEqual([
      'Bought 1 product of this campaign, 2 times in all',
      'Responded to campaigns 1 time before',
      'This customer used coupons 2 times',
    ])
    const steps = (reason: string) => told[reason]!.path.map(({ label, id, relationship }) => [label, id, relationship])
    expect(steps('Bought 1 product of this campaign, 2 times in all')).toEqual([
      ['Customer', 'a', null],
      ['Product', 'milk', 'BOUGHT'],
      ['Campaign', 'now', 'PROMOTES'],
    ])
    expect(steps('Responded to campaigns 1 time before')).toEqual([
      ['Customer', 'a', null],
      ['Campaign', 'old', 'RESPONDED'],
    ])
    expect(all.members[0]!.evidence.every(({ kind }) => kind === 'CAMPAIGN')).toBe(true)
  })

  it('names no other customer anywhere', async () => {
    const { members } = await audience('now')
    for (const { customer, evidence } of members) {
      const ids = evidence.flatMap(({ path }) => path.flatMap(({ label, id }) => (label === 'Customer' ? [id] : [])))
      expect(new Set(ids)).toEqual(new Set(evidence.length > 0 ? [customer.id] : []))
    }
  })

  it('does not change with what happens after the start', async () => {
    const before = await audience('now')
    await record(app, [bought('c9', 'c', 200, withCoupon('milk'), withCoupon('bread'))])
    expect(await audience('now')).toEqual(before)
  })

  it('shows the first ones and counts all; in Polish where asked', async () => {
    const { total, members, note } = await audience('now', { first: 1, language: 'PL' })
    expect([total, members.length, note?.slice(0, 7)]).toEqual([3, 1, 'Nie był'])
    expect(members[0]!.evidence.map(({ reason }) => reason)).toContain('Ten klient użył kuponów 2 razy')
  })

  it('is whoever is in its segment, where it has one', async () => {
    const { saveSegment } = await app.data(
      'mutation { saveSegment(input: { name: "Soap", condition: { any: [{ bought: { productId: "soap" } }, { attribute: { name: "age", in: ["45-54"] } }] } }) { id } }',
      { role: 'MARKETER' },
    )
    const input = {
      ...{ name: 'To come', segmentId: saveSegment.id, products: ['milk'], channels: ['EMAIL'] },
      ...{ startsAt: '2099-01-01T00:00:00Z', endsAt: '2099-02-01T00:00:00Z' },
    }
    const { createCampaign } = await app.data(
      'mutation ($input: CampaignInput!) { createCampaign(input: $input) { id } }',
      { role: 'MARKETER', variables: { input } },
    )
    const all = await audience(createCampaign.id)
    expectSums(all)
    // Not d, who objects.
    expect(all.members.map(({ customer }) => customer.id)).toEqual(['a', 'elsewhere'])
    expect(all.total).toBe(2)
  })

  it('says that a campaign which has to do with nobody aims at nobody', async () => {
    await campaign(app, 'nobody', day(200), day(230))
    expect(await audience('nobody')).toMatchObject({ total: 0, members: [], note: expect.stringContaining('nobody') })
  })

  it.each([
    ['first: 0, campaignId: "now"', 'BAD_USER_INPUT', 'first'],
    ['first: 10001, campaignId: "now"', 'BAD_USER_INPUT', 'first'],
    ['campaignId: ""', 'BAD_USER_INPUT', 'campaignId'],
    ['campaignId: "now", productId: "milk"', 'BAD_USER_INPUT', 'campaignId'],
    ['first: 1', 'BAD_USER_INPUT', 'productId'],
    ['campaignId: "none"', 'NOT_FOUND', undefined],
  ])('refuses audience(%s) with %s', async (args, code, field) => {
    const { errors } = await app.ask(`{ audience(${args}) { total } }`, { role: 'ANALYST' })
    expect(errors![0]!.extensions).toMatchObject({ code, ...(field ? { field } : {}) })
  })

  it('is not for a storefront, nor for a token that speaks for one customer', async () => {
    const query = '{ audience(campaignId: "now") { total } }'
    for (const options of [{ role: 'STOREFRONT' }, { role: 'MARKETER', customer: 'a' }] as const)
      expect((await app.ask(query, options)).errors![0]!.extensions.code).toBe('FORBIDDEN')
  })
})

describe('The audience of a campaign, with campaigns to learn from', () => {
  const app = createTestApp()
  const audience = asking(app)
  const people = Array.from({ length: 40 }, (_, n) => `c${String(n).padStart(2, '0')}`)

  beforeAll(async () => {
    // Every second one uses coupons, everybody buys milk; those who redeem use coupons, but for one.
    await record(
      app,
      people.flatMap((id, n) => [
        bought(`${id}-1`, id, 10, n % 2 ? withCoupon('soap') : plain('soap'), plain('milk')),
        bought(`${id}-2`, id, 20 + n, n % 2 ? withCoupon('tea') : plain('tea')),
      ]),
    )
    await describeProducts(app, [{ id: 'milk' }, { id: 'bread' }, { id: 'soap' }, { id: 'tea' }])
    for (const [n, id] of ['one', 'two', 'three'].entries()) {
      await campaign(app, id, day(100 + 20 * n), day(110 + 20 * n))
      await did(app, 'SENT', id, day(100 + 20 * n), people)
      await did(app, 'REDEEMED', id, day(105 + 20 * n), [
        ...people.filter((_, at) => at % 2 && at % 3 === n),
        people[n * 2]!,
      ])
    }
    await campaign(app, 'running', day(160), day(400))
    await did(app, 'SENT', 'running', day(160), people.slice(0, 20))
    await did(app, 'REDEEMED', 'running', day(161), people.slice(0, 3))
    await record(app, [bought('last', 'c00', 170, plain('milk'))])
    await train(app)
  })

  const learned = async () => {
    const { models } = await app.data('{ models { status metrics } }', { role: 'ANALYST' })
    return models.find(({ status }: { status: string }) => status === 'ACTIVE').metrics.response
  }

  it('keeps with the model what it learned, from campaigns that had ended', async () => {
    expect(await learned()).toMatchObject({ campaigns: 3, recipients: 120, halfLifeDays: 180 })
    expect((await learned()).weights.couponLines).toBeGreaterThan(0.5)
  })

  it('ranks who responds like those before first, each score the sum of what is told', async () => {
    const all = await audience('running', { first: 20 })
    expect(all.note).toBeNull()
    expect(all.total).toBe(20)
    expectSums(all)
    const first = all.members.slice(0, 8).filter(({ customer }) => Number(customer.id.slice(1)) % 2 === 1)
    expect(first.length).toBeGreaterThanOrEqual(7)
  })

  it('adds up with the weights the model shows', async () => {
    const { weights } = await learned()
    const { members } = await audience('running', { first: 20 })
    const c03 = members.find(({ customer }) => customer.id === 'c03')!
    const faded = (days: number) => 0.5 ** (days / 180)
    const [first, second] = [faded(150), faded(160 - 23)]
    const redeemed = Math.log1p(faded(160 - 105))
    const expected =
      weights.couponLines * Math.log1p(first + second) +
      weights.couponShare * ((first + second) / (first + second + 3)) +
      weights.promoted * Math.log1p(first) +
      weights.redemptions * redeemed
    expect(c03.score).toBeCloseTo(expected, 9)
  })

  it('answers by the formula where a model learned nothing of it', async () => {
    await cypher(app.driver, `MATCH (m:Model {status: 'ACTIVE'}) SET m.metrics = '{}'`)
    expect((await audience('running', { first: 1 })).note).toContain('fixed formula')
  })
})
