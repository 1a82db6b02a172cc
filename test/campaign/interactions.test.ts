import { beforeEach, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { day, emptyShop } from '../support/shop.ts'

type TestInteraction = {
  id: string
  customerId: string
  campaignId: string
  type: string
  at: string
  channel?: string
  productId?: string
  orderId?: string
}

const RECORD_INTERACTIONS = `mutation ($interactions: [InteractionInput!]!) {
  recordInteractions(interactions: $interactions) { accepted duplicates rejected { index id code message } }
}`
const interaction = (id: string, more: Partial<TestInteraction> = {}): TestInteraction => ({
  id,
  customerId: 'c1',
  campaignId: 'spring',
  type: 'SENT',
  at: day(10),
  ...more,
})

describe('recordInteractions', () => {
  const app = createTestApp()
  beforeEach(async () => {
    await emptyShop(app)
    // There is no public way yet to make a campaign.
    await startCampaign('spring', day(10))
  })

  const startCampaign = (id: string, at: string) =>
    cypher(app.driver, 'CREATE (:Campaign {id: $id, name: $id, startsAt: datetime($at), status: "RUNNING"})', {
      id,
      at,
    })
  const send = async (interactions: TestInteraction[]) =>
    (await app.data(RECORD_INTERACTIONS, { role: 'INGEST', variables: { interactions } })).recordInteractions
  const recorded = () =>
    cypher<{ customer: string; campaign: string; interaction: object }>(
      app.driver,
      `MATCH (c:Customer)-[:HAD]->(i:Interaction)-[:WITH]->(k:Campaign)
       RETURN c.id AS customer, k.id AS campaign, i {.*} AS interaction ORDER BY i.id`,
    )

  it('hangs an interaction between its customer and its campaign, with all that was told of it', async () => {
    const full = interaction('i2', { type: 'CONVERTED', channel: 'EMAIL', productId: 'p1', orderId: 'o1', at: day(12) })
    expect(await send([interaction('i1'), full])).toEqual({ accepted: 2, duplicates: 0, rejected: [] })
    expect(await recorded()).toEqual([
      { customer: 'c1', campaign: 'spring', interaction: { id: 'i1', type: 'SENT', at: day(10) } },
      {
        customer: 'c1',
        campaign: 'spring',
        interaction: { id: 'i2', type: 'CONVERTED', channel: 'EMAIL', productId: 'p1', orderId: 'o1', at: day(12) },
      },
    ])
    expect(await cypher(app.driver, 'MATCH (e:Event) RETURN e.id AS id ORDER BY id')).toEqual([
      { id: 'interaction:i1' },
      { id: 'interaction:i2' },
    ])
  })

  it('counts an interaction once, sent again, twice in one batch or loaded from a file before', async () => {
    expect(await send([interaction('i1'), interaction('i1')])).toMatchObject({ accepted: 1, duplicates: 1 })
    await cypher(app.driver, "CREATE (:Interaction {id: 'loaded'})")
    expect(await send([interaction('i1'), interaction('loaded')])).toMatchObject({ accepted: 0, duplicates: 2 })
    expect(await recorded()).toHaveLength(1)
  })

  it('rejects bad items by place, id, code and field, and records the others', async () => {
    const result = await send([
      interaction('unknown', { campaignId: 'summer' }),
      interaction('good'),
      interaction('early', { at: day(9, '23:59:59.999') }),
      interaction('nobody', { customerId: '' }),
      interaction('nothing', { productId: '' }),
    ])
    expect(result).toMatchObject({ accepted: 1, duplicates: 0 })
    expect(result.rejected).toEqual([
      { index: 0, id: 'unknown', code: 'NOT_FOUND', message: 'Campaign "summer" does not exist.' },
      { index: 2, id: 'early', code: 'BAD_USER_INPUT', message: expect.stringMatching(/^at .*"spring" starts/) },
      { index: 3, id: 'nobody', code: 'BAD_USER_INPUT', message: expect.stringMatching(/^customerId /) },
      { index: 4, id: 'nothing', code: 'BAD_USER_INPUT', message: expect.stringMatching(/^productId /) },
    ])
    expect((await recorded()).map(({ interaction }) => interaction)).toMatchObject([{ id: 'good' }])
  })

  it('takes a rejected interaction once its campaign is there', async () => {
    const early = interaction('i1', { campaignId: 'summer' })
    expect((await send([early])).rejected).toHaveLength(1)
    expect(await cypher(app.driver, 'MATCH (n) WHERE n:Event OR n:Customer RETURN n.id')).toEqual([])
    await startCampaign('summer', day(1))
    expect(await send([early])).toMatchObject({ accepted: 1 })
  })

  it('stays a duplicate when its campaign has been moved since', async () => {
    await send([interaction('i1')])
    await cypher(app.driver, "MATCH (k:Campaign {id: 'spring'}) SET k.startsAt = datetime($at)", { at: day(20) })
    expect(await send([interaction('i1')])).toMatchObject({ accepted: 0, duplicates: 1, rejected: [] })
  })

  it('refuses a type or a channel it does not know', async () => {
    for (const more of [{ type: 'SEEN' }, { channel: 'PIGEON' }]) {
      const variables = { interactions: [interaction('i1', more)] }
      expect((await app.ask(RECORD_INTERACTIONS, { role: 'INGEST', variables })).errors![0]!.extensions.code).toBe(
        'BAD_USER_INPUT',
      )
    }
  })

  it('refuses more than 1,000 interactions at once and takes none of them; takes 1,000', async () => {
    const interactions = Array.from({ length: 1_001 }, (_, n) => interaction(`i${n}`, { customerId: `c${n % 50}` }))
    const { errors } = await app.ask(RECORD_INTERACTIONS, { role: 'INGEST', variables: { interactions } })
    expect(errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'interactions' })
    expect(await recorded()).toEqual([])
    expect(await send(interactions.slice(1))).toMatchObject({ accepted: 1_000 })
  })

  it('loses nothing and repeats nothing with four writers of the same customers and campaigns', async () => {
    await startCampaign('winter', day(1))
    const parts = Array.from({ length: 4 }, (_, writer) =>
      Array.from({ length: 200 }, (_, n) => {
        const turned = writer % 2 ? 199 - n : n
        const id = turned % 4 === 0 ? `all-${turned}` : `${writer}-${turned}`
        return interaction(id, { customerId: `c${turned % 9}`, campaignId: turned % 2 ? 'spring' : 'winter' })
      }),
    )
    const results = await Promise.all(parts.map(send))
    expect(results.flatMap(({ rejected }) => rejected)).toEqual([])
    expect(results.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(50 + 4 * 150)
    expect(await recorded()).toHaveLength(650)
  })

  it.each([
    ['INGEST', undefined],
    ['ADMIN', undefined],
    ['STOREFRONT', 'FORBIDDEN'],
    ['MARKETER', 'FORBIDDEN'],
    ['ANALYST', 'FORBIDDEN'],
    ['PRIVACY_OFFICER', 'FORBIDDEN'],
  ] as const)('answers %s with %s', async (role, code) => {
    const variables = { interactions: [interaction('i1')] }
    expect((await app.ask(RECORD_INTERACTIONS, { role, variables })).errors?.[0]?.extensions.code).toBe(code)
  })
})
