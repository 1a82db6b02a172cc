import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestApp, startTestApp, type TestApp } from '../support/app.ts'
import { isAside } from '../support/asides.ts'
import { cypher } from '../support/graph.ts'
import { LAST_DAY, market, tell } from '../support/market.ts'
import { asking, type TestOffer } from '../support/offers.ts'
import { day, order, record, train } from '../support/shop.ts'

const shop = market()
const customers = shop.customers.map(({ id }) => id)
/** What a snapshot answers: ten offers with a few of their reasons. */
const USUAL = { first: 10, evidence: 3 }

describe('Offers that are kept', () => {
  const app = createTestApp({ SNAPSHOTS: 'on' })
  /** The same graph, always computed. */
  let live: TestApp
  const { crossSell } = asking(app)

  beforeAll(async () => {
    live = await startTestApp()
    await tell(app, shop)
    await train(app)
    await allKept()
  })
  afterAll(() => live?.stop())

  const progress = async () => {
    const { models } = await app.data('{ models { status snapshotProgress } }', { role: 'ANALYST' })
    return models.find(({ status }: { status: string }) => status === 'ACTIVE').snapshotProgress
  }
  const sourceOf = async (customerId: string) => (await crossSell({ customerId, ...USUAL })).source
  const kept = (customerId: string) =>
    vi.waitUntil(async () => (await sourceOf(customerId)) === 'SNAPSHOT', { timeout: 60_000 })
  const allKept = async () => {
    for (const customerId of customers) await kept(customerId)
  }

  /** But for the last digits: the same sums in another order. */
  const rounded = (items: TestOffer[]) =>
    items.map(({ score, otherContribution, evidence, ...offer }) => ({
      ...offer,
      score: expect.closeTo(score, 9),
      otherContribution: expect.closeTo(otherContribution, 9),
      evidence: evidence.map((one) => ({
        ...one,
        contribution: expect.closeTo(one.contribution, 9),
        share: expect.closeTo(one.share, 9),
        support:
          one.support &&
          Object.fromEntries(
            Object.entries(one.support).map(([name, value]) => [
              name,
              value === null ? null : expect.closeTo(value, 9),
            ]),
          ),
      })),
    }))
  async function expectAlike(variables: object, source: string) {
    const [ours, computed] = [await crossSell(variables), await asking(live).crossSell(variables)]
    expect([ours.source, computed.source]).toEqual([source, 'LIVE'])
    expect({ ...ours, source: 'LIVE' }).toEqual({ ...computed, items: rounded(computed.items) })
    return ours
  }

  /** Acts while nothing is kept: what keeps offers waits to write those of c06, and takes one customer at a time. */
  async function withKeeperHeld(act: () => Promise<void>): Promise<void> {
    const session = app.driver.session()
    try {
      const transaction = await session.beginTransaction()
      // No sweep begins, which could find c06 before it is locked.
      await transaction.run("MATCH (l:Lock {id: 'snapshot'}) SET l.held = true")
      await cypher(app.driver, "MATCH (c:Customer {id: 'c06'}) SET c.change = randomUUID()")
      await transaction.run("MATCH (c:Customer {id: 'c06'}) SET c.lock = true")
      expect(await sourceOf('c06')).toBe('LIVE')
      await act()
    } finally {
      await session.close()
    }
  }

  it('are the same, with the same reasons, as those computed when asked', async () => {
    let offered = 0
    for (const customerId of customers)
      for (const evidence of [0, 1, 3, 5])
        offered += (await expectAlike({ customerId, first: 10, evidence }, 'SNAPSHOT')).items.length
    expect(offered).toBeGreaterThan(customers.length)
    await expect.poll(progress, { timeout: 60_000 }).toBe(1)
  })

  it('are filtered when they are read', async () => {
    const { items } = await crossSell({ customerId: 'c03', ...USUAL })
    const id = items[0]!.product.id
    const answer = await expectAlike({ customerId: 'c03', ...USUAL, where: { excludeProducts: [id] } }, 'SNAPSHOT')
    expect(answer.items.map(({ product }) => product.id)).not.toContain(id)
    await expectAlike({ customerId: 'c03', ...USUAL, where: { minPrice: 1 } }, 'SNAPSHOT')
  })

  it('are read in the language that is asked for', async () => {
    const query = `query ($language: Language) { crossSell(customerId: "c03", language: $language) { source items { reason } } }`
    const inLanguage = (on: TestApp, language: string) => on.data(query, { role: 'MARKETER', variables: { language } })
    const polish = (await inLanguage(app, 'PL')).crossSell
    expect(polish.source).toBe('SNAPSHOT')
    expect(polish.items).toEqual((await inLanguage(live, 'PL')).crossSell.items)
    expect(polish.items).not.toEqual((await inLanguage(app, 'EN')).crossSell.items)
  })

  it.each([
    ['what is owned is asked for too', { ...USUAL, where: { includeOwned: true } }],
    ['something is boosted', { ...USUAL, where: { boosts: [{ productId: 'p03', factor: 2 }] } }],
    ['diversity is asked for', { ...USUAL, where: { diversity: 0.5 } }],
    ['more is asked for than reasons are kept of', { first: 11, evidence: 3 }],
    ['more reasons are asked for than are kept', { first: 10, evidence: 6 }],
  ])('are not used where %s', async (_, variables) => {
    await expectAlike({ customerId: 'c03', ...variables }, 'LIVE')
  })

  it('give way at once to an order: what was bought is offered no more, and soon they are kept anew', async () => {
    const before = await crossSell({ customerId: 'c05', ...USUAL })
    const bought = before.items[0]!.product.id
    await withKeeperHeld(async () => {
      await record(app, [order('new', 'c05', day(LAST_DAY), [bought])])
      const after = await expectAlike({ customerId: 'c05', ...USUAL }, 'LIVE')
      expect(after.items.map(({ product }) => product.id)).not.toContain(bought)
    })
    await kept('c05')
    await expectAlike({ customerId: 'c05', ...USUAL }, 'SNAPSHOT')
  })

  it('are kept anew after an order that nobody asked about since', async () => {
    const marks = () =>
      cypher<{ at: string }>(
        app.driver,
        `MATCH (c:Customer {id: 'c07'}) RETURN toString(coalesce(c.snapshotAtA, c.snapshotAtB)) AS at`,
      )
    const before = await marks()
    await record(app, [order('quiet', 'c07', day(LAST_DAY), ['p09'])])
    await expect.poll(marks, { timeout: 20_000 }).not.toEqual(before)
    await expectAlike({ customerId: 'c07', ...USUAL }, 'SNAPSHOT')
  })

  it.each([
    [
      'a view',
      'mutation { recordViews(views: [{ id: "v-kept", customerId: "c09", productId: "p02", at: "2024-03-01T00:00:00Z" }]) { accepted } }',
    ],
    [
      'a response to a campaign whose id is that of the last view',
      'mutation { recordInteractions(interactions: [{ id: "v-kept", customerId: "c09", campaignId: "spring", type: CLICKED, at: "2024-03-01T00:00:00Z" }]) { accepted } }',
    ],
    ['another group', 'mutation { upsertCustomers(customers: [{ id: "c09", age: "99+" }]) { accepted } }'],
    [
      'a product that is sold no more',
      'mutation { upsertProducts(products: [{ id: "p04", name: "Gone", active: false }]) { accepted } }',
    ],
  ])('give way at once to %s', async (_, query) => {
    await kept('c09')
    await withKeeperHeld(async () => {
      await app.data(query, { role: 'INGEST' })
      await expectAlike({ customerId: 'c09', ...USUAL }, 'LIVE')
    })
    await kept('c09')
    await expectAlike({ customerId: 'c09', ...USUAL }, 'SNAPSHOT')
  })

  it('are those of the model that answers: of another one after its activation, and at once of the one before after a rollback', async () => {
    await allKept()
    const { model: first } = await crossSell({ customerId: 'c03', ...USUAL })
    const second = await app.services.model.train({ kinds: ['BOUGHT_WITH'] })
    await app.services.model.activate(second)
    expect((await crossSell({ customerId: 'c03', ...USUAL })).model.id).toBe(second)
    await allKept()
    const answer = await expectAlike({ customerId: 'c03', ...USUAL }, 'SNAPSHOT')
    expect(new Set(answer.items.flatMap(({ evidence }) => evidence.map(({ kind }) => kind)))).toEqual(
      new Set(['BOUGHT_WITH']),
    )
    await app.data('mutation { rollbackModel { id } }', { role: 'ADMIN' })
    const back = await expectAlike({ customerId: 'c03', ...USUAL }, 'SNAPSHOT')
    expect(back.model).toEqual(first)
    expect((await expectAlike({ customerId: 'c03', ...USUAL, model: second }, 'SNAPSHOT')).model.id).toBe(second)
  })

  it('take one round trip to the graph with their products and reasons', async () => {
    await allKept()
    const metrics = await (await fetch(`${app.url}/metrics`)).text()
    const counted = (text: string) =>
      [...text.matchAll(/alongside_statement_seconds_count\{statement="([^"]+)",outcome="ok"\} (\d+)/g)]
        .filter(([, name]) => !isAside(name!) && !/^(snapshot|model)\//.test(name!))
        .map(([, name, count]) => [name!, Number(count)] as const)
    const before = new Map(counted(metrics))
    await crossSell({ customerId: 'c11', ...USUAL })
    const after = counted(await (await fetch(`${app.url}/metrics`)).text())
    expect(after.filter(([name, count]) => count !== (before.get(name) ?? 0))).toEqual([
      ['recommendation/subject', before.get('recommendation/subject')! + 1],
    ])
  })
})
