import { beforeAll, describe, expect, it } from 'vitest'
import type { Check } from '../../src/verify/compare.ts'
import { differs } from '../../src/verify/compare.ts'
import { toText } from '../../src/verify/report.ts'
import { type Service, verify } from '../../src/verify/verify.ts'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { KINDS, openShop, trainEverything } from './shop.ts'

const CUSTOMERS = 43

describe('verify', () => {
  const app = createTestApp()
  let model: string
  const run = (service: Partial<Service> = {}, sample = 3) =>
    verify({
      graph: app.graph,
      service: { ...app.services.recommendation, ...service },
      model: null,
      sample,
      seed: 7,
    })

  beforeAll(async () => {
    await openShop(app)
    model = await trainEverything(app.graph)
  })

  it('finds no difference in any answer for any customer, whatever kinds count', async () => {
    const report = await run({}, 100)
    expect(report.differences.map(({ asked, ...rest }) => ({ ...asked, ...rest }))).toEqual([])
    expect(report).toMatchObject({ model, customers: CUSTOMERS, ordersKnown: true, different: 0 })
    const checked = new Map(report.lines.map(({ what, checked }) => [what, checked]))
    for (const what of [...Object.keys(KINDS), 'score', 'trend', 'may be offered', 'in order of score'])
      expect(checked.get(what), what).toBeGreaterThan(500)
    expect(toText(report)).toContain('No difference.')
  })

  it('sees every kind add to some score', async () => {
    const kinds = new Set<string>()
    const signal = AbortSignal.timeout(60_000)
    const ids = await cypher<{ id: string }>(app.driver, 'MATCH (c:Customer) RETURN c.id AS id')
    for (const { id: customerId } of ids) {
      const where = { includeOwned: true }
      const { items } = await app.services.recommendation.crossSell(
        { customerId, where, first: 10, evidence: 50 },
        signal,
      )
      for (const { evidence } of items) for (const { kind } of evidence) kinds.add(kind)
    }
    expect([...kinds].sort()).toEqual(Object.keys(KINDS).sort())
  })

  it('finds an explanation that ranks an offer elsewhere than the list does', async () => {
    const report = await run({
      explain: async (ask, signal) => {
        const answer = await app.services.recommendation.explain(ask, signal)
        return { ...answer, rank: answer.rank == null ? null : answer.rank + 100 }
      },
    })
    expect(new Set(report.differences.map(({ what }) => what))).toEqual(new Set(['rank']))
  })

  it('sees a basket ranked on arrays as its paths are told, whatever kinds count', async () => {
    const { recommendation } = app.services
    const signal = AbortSignal.timeout(60_000)
    for (let n = 10; n < 40; n++) {
      const ask = { customerId: `c${n}`, productIds: [`p${n}`, 'p04'], first: 10 }
      const { items } = await recommendation.completeBasket({ ...ask, evidence: 0 }, signal)
      expect(await recommendation.shortlist(ask, signal)).toEqual(items.map(({ productId }) => productId))
    }
  })

  it('draws the same customers for the same seed', async () => {
    expect(await run()).toEqual(await run())
  })

  it('finds a score that is off by a millionth, and names whom and what it was told of', async () => {
    const report = await run({
      crossSell: async (ask, signal) => {
        const { items } = await app.services.recommendation.crossSell(ask, signal)
        return { items: items.map((item) => (item.rank === 1 ? { ...item, score: item.score * (1 + 1e-6) } : item)) }
      },
    })
    expect(report.different).toBeGreaterThan(0)
    expect(new Set(report.differences.map(({ what }) => what))).toEqual(new Set(['score', 'sum of evidence']))
    const [{ asked, productId }] = report.differences as [Check]
    expect(toText(report)).toContain(`crossSell: customer ${asked.customerId}, product ${productId}, score: answered`)
  })

  it('finds evidence told under the name of another kind', async () => {
    const report = await run({
      explain: async (ask, signal) => {
        const { evidence, ...rest } = await app.services.recommendation.explain(ask, signal)
        const told = evidence.map((one) => ({ ...one, kind: one.kind === 'ITEM_MODEL' ? 'REPEAT' : one.kind }))
        return { ...rest, evidence: told }
      },
    })
    expect(new Set(report.differences.map(({ what }) => what))).toEqual(new Set(['ITEM_MODEL', 'REPEAT']))
    expect(report.differences.every(differs)).toBe(true)
  })

  it('finds what is offered though the customer owns it, and a list out of order', async () => {
    const report = await run({
      crossSell: async (ask, signal) => {
        const where = { includeOwned: true }
        const { items } = await app.services.recommendation.crossSell({ ...ask, where }, signal)
        const [first, second, ...rest] = items
        return { items: [second, first, ...rest].filter((item) => item !== undefined) }
      },
    })
    const found = report.differences.map(({ what }) => what)
    expect(found).toEqual(expect.arrayContaining(['in order of score', 'may be offered']))
  })

  it('finds a trend that the orders do not bear out, and says when they have changed since', async () => {
    await cypher(app.driver, 'MATCH ()-[m:MEASURED]->() SET m.known = m.trend, m.trend = m.trend * 1.001')
    const wrong = await run()
    await cypher(app.driver, 'MATCH ()-[m:MEASURED]->() SET m.trend = m.known REMOVE m.known')
    expect(wrong.differences.map(({ what }) => what)).toContain('trend')

    await cypher(
      app.driver,
      `MATCH (p:Product {id: 'p05'}), (c:Customer {id: 'nobody-yet'})
       CREATE (c)-[:PLACED]->(:Order {id: 'later', placedAt: datetime('2024-01-02T10:00Z'), counted: true})-[:CONTAINS {quantity: 1, value: 1}]->(p)`,
    )
    const changed = await run()
    await cypher(app.driver, "MATCH (o:Order {id: 'later'}) DETACH DELETE o")
    expect(changed).toMatchObject({ ordersKnown: false, different: 0 })
    expect(toText(changed)).toContain('are not counted again')
  })

  it('finds purchases of similar customers that the orders do not bear out', async () => {
    await cypher(app.driver, 'MATCH (b:Buyers) SET b.known = b.lastAt, b.lastAt = [at IN b.lastAt | at - 86400000]')
    const wrong = await run()
    await cypher(app.driver, 'MATCH (b:Buyers) SET b.lastAt = b.known REMOVE b.known')
    expect(wrong.differences.map(({ what }) => what)).toContain('bought by similar customers')
  })

  it('names a model that does not exist', async () => {
    const task = { graph: app.graph, service: app.services.recommendation, sample: 1, seed: 1 }
    await expect(verify({ ...task, model: 'no-model' })).rejects.toThrow('no-model')
  })
})
