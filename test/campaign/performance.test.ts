import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newcombe } from '../../src/modules/campaign/statistics.ts'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { order, record } from '../support/shop.ts'
import { campaigning, FAR, handing, inSeconds, openShop } from './world.ts'

const UPLIFT = '{ difference low high level method neededPerArm preliminary }'
const PERFORMANCE = `query ($id: ID!) { campaignPerformance(campaignId: $id) {
  campaign { id name } treated holdout revenue note funnel { type channel customers } uplift ${UPLIFT}
  upliftByKind { kind note uplift ${UPLIFT} } upliftByModel { treated model { id } uplift ${UPLIFT} } } }`
const RECORD = `mutation ($interactions: [InteractionInput!]!) { recordInteractions(interactions: $interactions) { accepted rejected { message } } }`
const DAY = 86_400

describe('What a campaign did', () => {
  const app = createTestApp()
  const { create, ready, step } = campaigning(app)
  const { pending, acknowledge } = handing(app)
  beforeAll(() => openShop(app, 60))
  beforeEach(() =>
    cypher(
      app.driver,
      `MATCH (n) WHERE n:Decision OR n:Interaction OR n:Campaign OR n:AudienceBuild OR (n:Order AND n.id STARTS WITH 'x-') DETACH DELETE n`,
    ),
  )

  const performance = async (id: string) =>
    (await app.data(PERFORMANCE, { role: 'ANALYST', variables: { id } })).campaignPerformance
  const customers = async (id: string, arm: string) =>
    (
      await cypher<{ id: string }>(
        app.driver,
        'MATCH (c)-[:GOT]->(d:Decision {arm: $arm})-[:IN]->(:Campaign {id: $id}) RETURN c.id AS id ORDER BY id',
        { id, arm },
      )
    ).map(({ id }) => id)
  let orders = 0
  const buys = (customerId: string, seconds: number, products: (string | [string, number, number])[] = ['b']) =>
    record(app, [
      order(
        `x-${orders++}`,
        customerId,
        inSeconds(seconds),
        products.map((one) => (typeof one === 'string' ? one : { productId: one[0], quantity: one[1], value: one[2] })),
      ),
    ])
  const happens = (
    campaignId: string,
    rows: [customerId: string, type: string, seconds: number, channel?: string | null][],
  ) =>
    app.data(RECORD, {
      role: 'INGEST',
      variables: {
        interactions: rows.map(([customerId, type, seconds, channel = 'WEB'], n) => ({
          id: `i-${campaignId}-${orders++}-${n}`,
          ...{ customerId, campaignId, type, channel, at: inSeconds(seconds) },
        })),
      },
    })
  const launched = async (over: object = {}) => {
    const id = await ready(over)
    await step('launch', id)
    return id
  }

  it('is what is counted by hand', async () => {
    const id = await launched({ endsAt: inSeconds(20 * DAY) })
    const [treated, held] = [await customers(id, 'TREATMENT'), await customers(id, 'HOLDOUT')]
    expect(Math.min(treated.length, held.length)).toBeGreaterThan(4)
    const told = await pending(id)
    // One is never handed over: they count all the same.
    await acknowledge(told.slice(1).map((one) => one.id))
    const unsent = told[0]!.customerId
    const [a, b, c, d, e] = treated.filter((one) => one !== unsent) as [string, string, string, string, string]
    await happens(id, [
      [a, 'DELIVERED', 2],
      [a, 'OPENED', 3],
      [a, 'OPENED', 4],
      [b, 'DELIVERED', 2],
      [c, 'CONVERTED', 9],
      [d, 'REDEEMED', 5, 'EMAIL'],
    ])
    await buys(a, 60, ['a', ['b', 2, 7.5]])
    await buys(a, 120, [['b', 1, 2.5]])
    await buys(d, 60)
    await buys(unsent, 60)
    // Before it began, after its end, of another product, and given back: none counts.
    await buys(b, -DAY)
    await buys(e, 21 * DAY)
    await buys(e, 60, ['a'])
    await buys(e, 61, [
      ['b', 1, 3],
      ['b', -1, -3],
    ])
    await buys(held[0]!, 60)
    await buys(held[1]!, -60)

    const found = await performance(id)
    expect(found).toMatchObject({ campaign: { id, name: 'Spring' }, treated: treated.length, holdout: held.length })
    expect(found.funnel).toEqual(
      [
        { type: 'CONVERTED', channel: 'EMAIL', customers: 1 },
        { type: 'CONVERTED', channel: 'WEB', customers: 2 },
        { type: 'DELIVERED', channel: 'WEB', customers: 2 },
        { type: 'OPENED', channel: 'WEB', customers: 1 },
        { type: 'REDEEMED', channel: 'EMAIL', customers: 1 },
        { type: 'SENT', channel: 'WEB', customers: treated.length - 1 },
      ].sort((x, y) => ORDER.indexOf(x.type) - ORDER.indexOf(y.type) || (x.channel < y.channel ? -1 : 1)),
    )
    expect(found.revenue).toBe(7.5 + 2.5 + 1)
    const wanted = newcombe({ bought: 3, customers: treated.length }, { bought: 1, customers: held.length })
    expect(found.uplift).toMatchObject({
      ...wanted,
      level: 0.95,
      preliminary: true,
      method: expect.stringMatching(/Newcombe/),
    })
    expect(found.note).toBe(`too little data: 3 of ${treated.length} treated and 1 of ${held.length} held out bought`)
    const [model] = found.upliftByModel
    expect(found.upliftByModel).toHaveLength(1)
    expect(model).toMatchObject({ treated: treated.length, uplift: found.uplift })
    const kinds = await cypher<{ kind: string; treated: number; held: number }>(
      app.driver,
      `MATCH (d:Decision)-[:IN]->(:Campaign {id: $id}) WHERE d.arm <> 'EXCLUDED'
       RETURN d.kind AS kind, count(CASE d.arm WHEN 'TREATMENT' THEN 1 END) AS treated, count(CASE d.arm WHEN 'HOLDOUT' THEN 1 END) AS held ORDER BY kind`,
      { id },
    )
    expect(found.upliftByKind.map(({ kind }: { kind: string }) => kind)).toEqual(kinds.map(({ kind }) => kind))
    for (const [at, { treated, held }] of kinds.entries()) {
      const { note, uplift } = found.upliftByKind[at]
      if (held === 0) expect([note, uplift]).toEqual(['no holdout', null])
      else expect(note).toContain(`of ${treated} treated and`)
    }
    await step('complete', id)
    expect((await performance(id)).uplift.preliminary).toBe(false)
  })
  const ORDER = [
    'SENT',
    'DELIVERED',
    'OPENED',
    'CLICKED',
    'REDEEMED',
    'CONVERTED',
    'UNSUBSCRIBED',
    'BOUNCED',
    'COMPLAINED',
  ]

  it('ends with the campaign, earlier where it was completed, and follows orders that arrive late or are revised', async () => {
    const id = await launched()
    const [a, b] = await customers(id, 'TREATMENT')
    await cypher(
      app.driver,
      'MATCH (k:Campaign {id: $id}) SET k.launchedAt = datetime.realtime() - duration({hours: 2})',
      { id },
    )
    await cypher(app.driver, 'MATCH (d:Decision) SET d.at = datetime.realtime() - duration({hours: 2})')
    await step('complete', id)
    const bought = async () =>
      Math.round((await performance(id)).uplift.difference * (await customers(id, 'TREATMENT')).length)
    expect(await bought()).toBe(0)
    await buys(a!, -600)
    await buys(b!, 600)
    expect(await bought()).toBe(1)
    await record(app, [{ ...order(`x-${orders - 2}`, a!, inSeconds(-600), []), revision: 2 }])
    expect(await bought()).toBe(0)
  })

  it('shares customers out between two models, each against its own holdout', async () => {
    const [first] = await cypher<{ id: string }>(app.driver, "MATCH (m:Model {status: 'ACTIVE'}) RETURN m.id AS id")
    const second = await app.services.model.train()
    const id = await launched({ modelIds: [first!.id, second] })
    const { treated, upliftByModel } = await performance(id)
    expect(upliftByModel.map(({ model }: { model: { id: string } }) => model.id).sort()).toEqual(
      [first!.id, second].sort(),
    )
    expect(upliftByModel.reduce((sum: number, one: { treated: number }) => sum + one.treated, 0)).toBe(treated)
    for (const { uplift } of upliftByModel) expect(uplift).not.toBeNull()
  })

  it('has no uplift before it starts, and none without a holdout', async () => {
    const draft = await create()
    expect(await performance(draft)).toMatchObject({
      uplift: null,
      note: 'not started',
      treated: 0,
      funnel: [],
      revenue: 0,
    })
    const built = await ready()
    expect(await performance(built)).toMatchObject({
      uplift: null,
      note: 'not started',
      upliftByKind: [],
      upliftByModel: [],
    })
    const everybody = await launched({ holdoutShare: 0 })
    expect(await performance(everybody)).toMatchObject({ uplift: null, note: 'no holdout', holdout: 0 })
    expect(
      (await app.ask(PERFORMANCE, { role: 'MARKETER', variables: { id: 'none' } })).errors![0]!.extensions.code,
    ).toBe('NOT_FOUND')
  })

  it('gives an order to the campaign that touched its customer last, within 14 days of that', async () => {
    await cypher(
      app.driver,
      `UNWIND ['old', 'new', 'other'] AS id
       CREATE (k:Campaign {id: id, name: id, status: 'COMPLETED', startsAt: datetime($from), endsAt: datetime($to)})
       WITH k MATCH (p:Product {id: CASE k.id WHEN 'other' THEN 'a' ELSE 'b' END}) CREATE (k)-[:PROMOTES]->(p)`,
      { from: inSeconds(-90 * DAY), to: FAR },
    )
    await happens('old', [
      ['c00', 'SENT', -30 * DAY],
      ['c01', 'SENT', -30 * DAY],
      ['c02', 'SENT', -30 * DAY],
      ['c02', 'CLICKED', -10 * DAY],
    ])
    await happens('new', [
      ['c01', 'SENT', -25 * DAY],
      ['c02', 'SENT', -25 * DAY],
    ])
    await happens('other', [['c00', 'SENT', -29 * DAY]])
    await buys('c00', -20 * DAY, [['b', 1, 1]])
    await buys('c00', -15 * DAY, [['b', 1, 100]])
    await buys('c01', -20 * DAY, [['b', 1, 10]])
    await buys('c01', -28 * DAY, [['b', 1, 20]])
    await buys('c02', -9 * DAY, [
      ['b', 1, 1_000],
      ['a', 1, 7],
    ])
    expect((await performance('old')).revenue).toBe(1 + 20 + 1_000)
    expect((await performance('new')).revenue).toBe(10)
    expect((await performance('other')).revenue).toBe(0)
    expect((await performance('old')).note).toBe('no holdout')
  })

  it('counts who was erased in the arm they were in', async () => {
    const id = await launched()
    const before = await performance(id)
    const [gone] = await customers(id, 'HOLDOUT')
    await happens(id, [[(await customers(id, 'TREATMENT'))[0]!, 'OPENED', 1]])
    await cypher(app.driver, 'MATCH (c:Customer {id: $gone}) REMOVE c:Customer, c.id SET c:Anonymous', { gone })
    const opener = (await customers(id, 'TREATMENT'))[0]
    await cypher(app.driver, 'MATCH (c:Customer {id: $opener}) REMOVE c:Customer, c.id SET c:Anonymous', { opener })
    const after = await performance(id)
    expect([after.treated, after.holdout]).toEqual([before.treated, before.holdout])
    expect(after.funnel).toEqual([{ type: 'OPENED', channel: 'WEB', customers: 1 }])
  })
})

describe('With ATTRIBUTION=every-touch and CONVERSION_DAYS=30', () => {
  const app = createTestApp({ ATTRIBUTION: 'every-touch', CONVERSION_DAYS: '30' })

  it('an order counts for every campaign that touched its customer, for as long', async () => {
    await cypher(
      app.driver,
      `CREATE (p:Product {id: 'p', name: 'P', merchandise: true, active: true})
       WITH p UNWIND ['k1', 'k2'] AS id
       CREATE (k:Campaign {id: id, name: id, status: 'COMPLETED', startsAt: datetime('2024-01-01'), endsAt: datetime('2024-02-01')})-[:PROMOTES]->(p)
       MERGE (c:Customer {id: 'c'})
       CREATE (c)-[:HAD]->(:Interaction {id: id, type: 'SENT', at: k.startsAt})-[:WITH]->(k)`,
    )
    await record(app, [order('o', 'c', '2024-01-25T00:00:00Z', ['p'])])
    for (const id of ['k1', 'k2']) {
      const found = (await app.data(PERFORMANCE, { role: 'MARKETER', variables: { id } })).campaignPerformance
      expect(found).toMatchObject({ treated: 1, holdout: 0, revenue: 1, uplift: null, note: 'no holdout' })
    }
  })
})
