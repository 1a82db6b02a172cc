import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { day, order, record, train } from '../support/shop.ts'
import { deciding, openShop } from './world.ts'

describe('A decision', () => {
  const app = createTestApp({ GLOBAL_HOLDOUT_SHARE: '0.2' })
  const { create, build, of, tryOf, replay, written, consent } = deciding(app)
  let model: string
  beforeAll(async () => {
    model = await openShop(app)
  })

  it('is replayed from what was recorded to what was decided, of everybody', async () => {
    const id = await create({ holdoutShare: 0.3, budget: 8, frequencyCap: { max: 50, days: 7 } })
    await build(id)
    const decisions = await written(id)
    expect(new Set(decisions.map(({ arm }) => arm)).size).toBe(3)
    for (const { id: decisionId, customerId } of decisions) {
      const { differences, ...again } = await replay(decisionId)
      expect(differences).toEqual([])
      expect({ ...again, differences: null }).toEqual(await of(id, customerId))
    }
  })

  it('says which rules were applied, by which model, and what became of the products', async () => {
    const id = await create({ holdoutShare: 0.3, frequencyCap: { max: 50, days: 7 } })
    await build(id)
    const { customerId } = (await written(id)).find(({ arm }) => arm === 'TREATMENT')!
    const decision = await of(id, customerId)
    expect(decision).toMatchObject({ model: { id: model }, differences: null, campaignId: id, customerId })
    expect(decision.rules).toMatchObject({
      holdoutShare: 0.3,
      globalHoldoutShare: 0.2,
      caps: [{ max: 50, days: 7, channel: null }],
      budget: null,
      channels: [{ channel: 'EMAIL', consent: true, suppressed: false, contact: true, cappedUntil: null }],
      claimedBy: [],
      objected: false,
    })
    expect(decision.rules.holdoutAt).toBeGreaterThanOrEqual(0.3)
    expect(decision.rules.globalHoldoutAt).toBeGreaterThanOrEqual(0.2)
    const { named, sold, notOwned, reached, offered } = decision.candidates as Record<string, number>
    expect([named, sold]).toEqual([10, 10])
    expect(sold! >= notOwned! && notOwned! >= reached! && reached! >= offered! && offered! > 0).toBe(true)
  })

  it('stays as it was when the graph moves on, and names what differs today', async () => {
    const id = await create({ holdoutShare: 0.1 })
    await build(id)
    const treated = (await written(id)).filter(({ arm }) => arm === 'TREATMENT')
    const [one, two] = [treated[0]!, treated[1]!]
    const before = [await of(id, one.customerId), await of(id, two.customerId)]
    const bought = before[1]!.offers[0]!.product.id
    await consent(one.customerId, false)
    await record(app, [order('since', two.customerId, day(101), [bought])])
    const newer = await train(app)

    const [first, second] = [await replay(one.id), await replay(two.id)]
    for (const [at, again] of [first, second].entries()) {
      const { differences: _, ...decision } = again
      expect({ ...decision, differences: null }).toEqual(before[at])
    }
    const differ = (what: string) => first.differences!.find((one) => one.what === what)
    expect(differ('arm')).toEqual({ what: 'arm', recorded: 'TREATMENT', today: 'EXCLUDED' })
    expect(differ('reasons')).toEqual({ what: 'reasons', recorded: null, today: 'NO_CONSENT' })
    expect(differ('channels.EMAIL.consent')).toEqual({
      what: 'channels.EMAIL.consent',
      recorded: 'true',
      today: 'false',
    })
    expect(differ('model')).toEqual({ what: 'model', recorded: model, today: newer })
    const offers = second.differences!.find(({ what }) => what === 'offers')!
    expect(offers.recorded).toContain(bought)
    expect(offers.today).not.toContain(bought)
    expect(second.differences!.find(({ what }) => what === 'candidates.notOwned')).toBeDefined()
    await consent(one.customerId, true)
  })

  it('is held out of every campaign by the customer alone', async () => {
    const [first, second] = [await create(), await create()]
    await build(first)
    await build(second)
    const held = async (id: string) =>
      (await written(id))
        .filter(({ reasons }) => reasons.includes('GLOBAL_HOLDOUT'))
        .map(({ customerId }) => customerId)
    expect((await held(first)).length).toBeGreaterThan(0)
    expect(await held(first)).toEqual(await held(second))
  })

  it('is null where nothing is decided, and an error where there is nothing of that name', async () => {
    const id = await create()
    expect(await of(id, 'c01')).toBeNull()
    const codeOf = async (answer: ReturnType<typeof tryOf>) => (await answer).errors![0]!.extensions.code
    expect(await codeOf(tryOf('nothing', 'c01'))).toBe('NOT_FOUND')
    expect(await codeOf(tryOf(id, ''))).toBe('BAD_USER_INPUT')
    const query = '{ replayDecision(id: "nothing") { id } }'
    expect(await codeOf(app.ask(query, { role: 'ANALYST' }))).toBe('NOT_FOUND')
    expect(await codeOf(app.ask(query, { role: 'STOREFRONT' }))).toBe('FORBIDDEN')
    expect(await codeOf(app.ask(query, { role: 'ANALYST', customer: 'c01' }))).toBe('FORBIDDEN')
    const build = `mutation { buildAudience(campaignId: "${id}") { treatment } }`
    expect(await codeOf(app.ask(build, { role: 'ANALYST' }))).toBe('FORBIDDEN')
  })
})
