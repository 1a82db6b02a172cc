import { beforeAll, describe, expect, it } from 'vitest'
import { holdouts } from '../../src/modules/decision/decide.ts'
import { oneOf } from '../../src/modules/decision/hash.ts'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { asking, expectSum, type TestOffer } from '../support/offers.ts'
import { day, order, record } from '../support/shop.ts'
import { customersOf, deciding, openShop, PRODUCTS } from './world.ts'

describe('buildAudience', () => {
  const app = createTestApp()
  const { create, build, tryBuild, progress, of, written, consent, segment, input, update } = deciding(app)
  const { explain } = asking(app)
  beforeAll(() => openShop(app).then(() => {}))

  /** Everything there is but what a build notes of itself. */
  const nodes = () =>
    cypher(
      app.driver,
      `MATCH (n) WHERE NOT n:AudienceBuild AND NOT n:FieldUse AND NOT n:Lock
       RETURN labels(n)[0] AS label, count(*) AS count ORDER BY label`,
    )

  it('decides once about everybody in the segment, in the arm the hash gives, and tells how far it is', async () => {
    const id = await create({ holdoutShare: 0.4 })
    expect(await progress(id)).toMatchObject({ status: 'NONE', decided: 0, startedAt: null })
    const counts = await build(id)
    const decisions = await written(id)
    expect(decisions.map(({ customerId }) => customerId)).toEqual(await customersOf(app))
    const count = (arm: string) => decisions.filter((one) => one.arm === arm).length
    expect(counts).toEqual({ treatment: count('TREATMENT'), holdout: count('HOLDOUT'), excluded: count('EXCLUDED') })
    expect(counts.treatment * counts.holdout).toBeGreaterThan(0)
    for (const { customerId, arm } of decisions.filter(({ arm }) => arm !== 'EXCLUDED'))
      expect(arm).toBe(holdouts(id, customerId).own < 0.4 ? 'HOLDOUT' : 'TREATMENT')
    const told = await progress(id)
    expect(told).toMatchObject({ status: 'BUILT', total: decisions.length, decided: decisions.length, ...counts })
    expect(told.finishedAt > told.startedAt).toBe(true)
  })

  it('changes nothing when it is built again, and adds only who is new', async () => {
    const segmentId = await segment({ attribute: { name: 'age', in: ['25-34'] } })
    const id = await create({ segmentId, holdoutShare: 0.5 })
    const counts = await build(id)
    const [before, there] = [await written(id), await nodes()]
    expect(await build(id)).toEqual(counts)
    expect(await written(id)).toEqual(before)
    expect(await nodes()).toEqual(there)
    await app.data('mutation { upsertCustomers(customers: [{ id: "newcomer", age: "25-34" }]) { accepted } }', {
      role: 'INGEST',
    })
    expect(await build(id)).toEqual({ ...counts, excluded: counts.excluded + 1 })
    const added = (await written(id)).filter(({ id }) => !before.some((one) => one.id === id))
    expect(added.map(({ customerId }) => customerId)).toEqual(['newcomer'])
  })

  it('offers the campaign’s products alone, the best of them first, as crossSell would explain them', async () => {
    const id = await create({ holdoutShare: 0.5 })
    await build(id)
    let offers = 0
    for (const { customerId, arm, score } of await written(id)) {
      const decision = await of(id, customerId)
      if (arm === 'EXCLUDED') {
        expect(decision.offers).toEqual([])
        continue
      }
      expect(score).toBe(decision.offers[0]!.score)
      expect(decision.candidates).toMatchObject({ named: 10, sold: 10, offered: decision.offers.length })
      for (const offer of decision.offers) {
        offers++
        expect(PRODUCTS).toContain(offer.product.id)
        expectSum(offer as unknown as TestOffer, false)
        const wanted = await explain({ customerId, productId: offer.product.id })
        expect(offer.score).toBeCloseTo(wanted.score, 9)
        const said = wanted.evidence.slice(0, offer.evidence.length)
        expect(offer.evidence.map(({ kind, reason, path, support }) => ({ kind, reason, path, support }))).toEqual(
          said.map(({ kind, reason, path, support }) => ({ kind, reason, path, support })),
        )
        const others = offer.evidence.flatMap(({ path }) => path.slice(1)).filter(({ label }) => label === 'Customer')
        expect(others.every(({ id }) => id === null)).toBe(true)
      }
      const scores = decision.offers.map(({ score }) => score)
      expect(scores).toEqual([...scores].sort((a, b) => b - a))
    }
    expect(offers).toBeGreaterThan(50)
  })

  it('shares the customers out among the models a campaign names, and tells paths of every kind as explain does', async () => {
    const kinds = [
      ['BOUGHT_WITH', 'BOUGHT_AFTER'],
      ['TRENDING', 'POPULAR_IN_GROUP', 'CAMPAIGN'],
    ]
    const modelIds: string[] = []
    for (const some of kinds) modelIds.push(await app.services.model.train({ kinds: some }))
    const id = await create({ modelIds })
    await build(id)
    const seen = new Set<string>()
    for (const { customerId, arm } of await written(id)) {
      const { model, offers } = await of(id, customerId)
      expect(model.id).toBe(oneOf(modelIds, id, customerId))
      for (const offer of arm === 'EXCLUDED' ? [] : offers) {
        expectSum(offer as unknown as TestOffer, false)
        const wanted = await explain({ customerId, productId: offer.product.id, model: model.id })
        expect(offer.score).toBeCloseTo(wanted.score, 9)
        const said = wanted.evidence.slice(0, offer.evidence.length)
        expect(offer.evidence.map(({ reason, support }) => [reason, support])).toEqual(
          said.map(({ reason, support }) => [reason, support]),
        )
        for (const { kind } of offer.evidence) seen.add(kind)
      }
    }
    expect([...seen].sort()).toEqual(kinds.flat().sort())
  })

  it('tells what was recorded in Polish, too', async () => {
    const id = await create()
    await build(id)
    const { customerId } = (await written(id)).find(({ arm }) => arm === 'TREATMENT')!
    const query = `{ decision(campaignId: "${id}", customerId: "${customerId}") { offers { product { id } reason evidence { path { name } } } } }`
    const { decision } = await app.data(query, { role: 'ANALYST', acceptLanguage: 'pl' })
    const polish = await app.data(
      `{ explain(customerId: "${customerId}", productId: "${decision.offers[0].product.id}", language: PL) { evidence { reason } } }`,
      { role: 'ANALYST' },
    )
    expect(decision.offers[0].reason).toBe(polish.explain.evidence[0].reason)
    expect(decision.offers[0].evidence[0].path[0].name).toBe('ten klient')
  })

  it('excludes with every reason: no consent, suppressed, no address, objected, owned', async () => {
    const orders = [order('owns-1', 'owner', day(99), ['p02'])]
    await record(app, orders)
    await consent('owner', true)
    const onlyP02 = await create({ products: ['p02'] })
    const { suppress } = await app.data('mutation { suppress(customerId: "c03", reason: "asked by phone") { id } }', {
      role: 'PRIVACY_OFFICER',
    })
    await consent('c04', false)
    await consent('c05', false, 'EMAIL', 'PROFILING')
    await build(onlyP02)
    expect((await of(onlyP02, 'owner')).reasons).toEqual(['CONTACT_MISSING', 'OWNED'])
    expect((await of(onlyP02, 'c03')).reasons).toContain('SUPPRESSED')
    expect((await of(onlyP02, 'c04')).reasons).toContain('NO_CONSENT')
    const objector = await of(onlyP02, 'c05')
    expect(objector).toMatchObject({ arm: 'EXCLUDED', reasons: ['OBJECTED'], offers: [], channel: null })
    const { reasons } = await progress(onlyP02)
    const all = (await written(onlyP02)).flatMap(({ reasons }) => reasons)
    for (const { reason, customers } of reasons) expect(customers).toBe(all.filter((one) => one === reason).length)
    await app.data(`mutation { unsuppress(id: "${suppress.id}") }`, { role: 'PRIVACY_OFFICER' })
    await consent('c04', true)
    await consent('c05', true, 'EMAIL', 'PROFILING')
  })

  it('leaves whoever a campaign of higher priority treats at the same time to that one', async () => {
    const important = await input({ priority: 5 })
    const first = await create(important)
    const same = await create({ ...important, priority: 4 })
    const later = await create({ priority: 4 })
    await build(first)
    await build(same)
    await build(later)
    const treated = (await written(first)).filter(({ arm }) => arm === 'TREATMENT').map(({ customerId }) => customerId)
    expect(treated.length).toBeGreaterThan(5)
    for (const { customerId, reasons } of await written(same))
      expect(reasons.includes('HIGHER_PRIORITY_CAMPAIGN')).toBe(treated.includes(customerId))
    expect((await written(later)).flatMap(({ reasons }) => reasons)).not.toContain('HIGHER_PRIORITY_CAMPAIGN')
  })

  it('writes by the channel they respond to, of those allowed', async () => {
    const past = await create({ channels: ['EMAIL', 'WEB'] })
    const at = day(2_000)
    const happened = (n: number, type: string, channel: string) =>
      `CREATE (c)-[:HAD]->(:Interaction {id: 'web-${n}', type: '${type}', channel: '${channel}', at: datetime('${at}')})-[:WITH]->(k)`
    const text = [happened(1, 'SENT', 'WEB'), happened(2, 'CLICKED', 'WEB'), happened(3, 'DELIVERED', 'EMAIL')].join(
      ' ',
    )
    await cypher(app.driver, `MATCH (c:Customer {id: 'c07'}), (k:Campaign {id: $past}) ${text}`, { past })
    await consent('c07', true, 'WEB')
    const id = await create({ channels: ['EMAIL', 'WEB'] })
    await build(id)
    expect((await of(id, 'c07')).channel).toBe('WEB')
    expect((await of(id, 'c08')).channel).toBe('EMAIL')
    await consent('c07', false, 'WEB')
    const again = await create({ channels: ['EMAIL', 'WEB'] })
    await build(again)
    expect((await of(again, 'c07')).channel).toBe('EMAIL')
  })

  it('gives a budget to the best expected, and holds out only among those it would have reached', async () => {
    const whole = await create()
    await build(whole)
    const ranked = (await written(whole))
      .filter(({ arm }) => arm === 'TREATMENT')
      .sort((a, b) => b.score! - a.score! || (a.customerId < b.customerId ? -1 : 1))
      .map(({ customerId }) => customerId)
    const id = await create({ budget: 4, holdoutShare: 0.3 })
    const counts = await build(id)
    const wanted: Record<string, string> = {}
    for (const customerId of ranked) {
      const given = Object.values(wanted).filter((arm) => arm === 'TREATMENT').length
      const arm = holdouts(id, customerId).own < 0.3 ? 'HOLDOUT' : 'TREATMENT'
      wanted[customerId] = given === 4 ? 'BUDGET' : arm
    }
    const decisions = await written(id)
    for (const customerId of ranked) {
      const { arm, reasons } = decisions.find((one) => one.customerId === customerId)!
      expect([customerId, arm === 'EXCLUDED' ? reasons.join() : arm]).toEqual([customerId, wanted[customerId]])
    }
    expect(counts.treatment).toBe(4)
    expect(await build(id)).toEqual(counts)
    expect(await written(id)).toEqual(decisions)
    const nothing = await create({ budget: 0 })
    expect(await build(nothing)).toMatchObject({ treatment: 0, holdout: 0 })
  })

  it('keeps a cap across ten campaigns that are built at the same moment', async () => {
    const segmentId = await segment({ attribute: { name: 'age', in: ['45-54'] } })
    const campaigns: string[] = []
    for (let n = 0; n < 10; n++) campaigns.push(await create({ segmentId, frequencyCap: { max: 2, days: 30 } }))
    await cypher(app.driver, 'MATCH (d:Decision) SET d.at = d.at - duration({days: 60})')
    await Promise.all(campaigns.map(build))
    const treated = new Map<string, number>()
    for (const { customerId, arm, reasons } of (await Promise.all(campaigns.map(written))).flat()) {
      if (arm === 'TREATMENT') treated.set(customerId, (treated.get(customerId) ?? 0) + 1)
      else if (treated.has(customerId)) expect(reasons).toContain('CAPPED')
    }
    expect(treated.size).toBeGreaterThan(5)
    expect([...new Set(treated.values())]).toEqual([2])
    const capped = await app.data('{ capped(channel: EMAIL, first: 100) { customerId } }', { role: 'MARKETER' })
    expect(capped.capped.map((one: { customerId: string }) => one.customerId).sort()).toEqual(
      [...treated.keys()].sort(),
    )
    await cypher(app.driver, 'MATCH (d:Decision) SET d.at = d.at - duration({days: 60})')
  })

  it('is done by one at a time: who comes second hears CONFLICT, and nobody is decided about twice', async () => {
    const id = await create()
    const answers = await Promise.all(Array.from({ length: 5 }, () => tryBuild(id)))
    const codes = answers.map(({ errors }) => errors?.at(0)?.extensions.code ?? 'built')
    expect(codes).toContain('built')
    expect(codes.filter((code) => code !== 'built').every((code) => code === 'CONFLICT')).toBe(true)
    expect(await written(id)).toHaveLength((await customersOf(app)).length)
  })

  it('goes by a withdrawal that was committed before', async () => {
    const id = await create()
    await consent('c09', false)
    await build(id)
    expect((await of(id, 'c09')).reasons).toEqual(['NO_CONSENT'])
    await consent('c09', true)
  })

  it('decides anew when the campaign, still in DRAFT, says something else', async () => {
    const given = await input({ holdoutShare: 0.5 })
    const id = await create(given)
    await build(id)
    const before = await written(id)
    await update(id, { ...given, products: ['p05'], holdoutShare: 0 })
    const counts = await build(id)
    expect(counts.holdout).toBe(0)
    const after = await written(id)
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    const treated = after.filter(({ arm }) => arm === 'TREATMENT')
    expect(treated.length).toBeGreaterThan(0)
    for (const { customerId } of treated)
      expect((await of(id, customerId)).offers.map(({ product }) => product.id)).toEqual(['p05'])
  })

  it('refuses a campaign that is not there, has no segment, or is over', async () => {
    await cypher(
      app.driver,
      `CREATE (:Campaign {id: 'past', status: 'COMPLETED', startsAt: datetime($at), endsAt: datetime($at)})`,
      {
        at: day(1),
      },
    )
    const over = await create()
    await cypher(app.driver, `MATCH (k:Campaign {id: $over}) SET k.status = 'COMPLETED'`, { over })
    for (const [id, code, says] of [
      ['nothing', 'NOT_FOUND', 'Campaign "nothing" does not exist.'],
      ['', 'BAD_USER_INPUT', 'campaignId must not be empty.'],
      ['past', 'CONFLICT', 'has no segment'],
      [over, 'CONFLICT', 'is completed'],
    ] as const) {
      const [error] = (await tryBuild(id)).errors!
      expect(error!.extensions.code).toBe(code)
      expect(error!.message).toContain(says)
    }
    expect(await written(over)).toEqual([])
  })
})
