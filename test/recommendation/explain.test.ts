import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { day, describeProducts, order, record, type TestOrder, train } from '../support/shop.ts'

const EXPLAIN = `query Why($id: ID!, $product: ID!, $where: OfferFilter, $evidence: Int = 3) {
  explain(customerId: $id, productId: $product, where: $where, evidence: $evidence) {
    recommended rank score otherContribution whyNot { code message } evidence { contribution reason } } }`
const OFFERS = `query Ask($id: ID!, $where: OfferFilter) {
  crossSell(customerId: $id, first: 100, where: $where, evidence: 50) { items { rank score product { id } } } }`

/** One own product `own` bought with each of twenty others, the higher the number the more often. */
function orders(): TestOrder[] {
  const all: TestOrder[] = []
  for (let other = 0; other < 20; other++) {
    for (let n = 0; n < 5 + other; n++) all.push(order(`o${other}-${n}`, `c${n % 6}`, day(1 + n), ['own', `p${other}`]))
  }
  return all
}

describe('explain', () => {
  const app = createTestApp()
  const why = async (product: string, where?: object, id = 'me') =>
    (await app.data(EXPLAIN, { role: 'MARKETER', variables: { id, product, where } })).explain
  const codes = async (product: string, where?: object, id = 'me') =>
    (await why(product, where, id)).whyNot.map(({ code }: { code: string }) => code)
  const offers = async (where?: object): Promise<{ rank: number; score: number; product: { id: string } }[]> =>
    (await app.data(OFFERS, { role: 'MARKETER', variables: { id: 'me', where } })).crossSell.items

  beforeAll(async () => {
    await record(app, [
      ...orders(),
      order('mine', 'me', day(9), ['own']),
      order('alone', 'c9', day(2), ['apart', 'p-fuel']),
    ])
    const products = Array.from({ length: 20 }, (_, n) => ({
      id: `p${n}`,
      price: n,
      brand: n % 2 ? 'Private' : 'National',
    }))
    await describeProducts(app, [...products, { id: 'own' }, { id: 'apart' }, { id: 'p-fuel', merchandise: false }])
    await train(app)
  })

  it('agrees with crossSell on rank and score, for every product it offers', async () => {
    const all = await offers()
    expect(all).toHaveLength(20)
    for (const { rank, score, product } of all) {
      const explained = await why(product.id)
      expect(explained.rank).toBe(rank)
      expect(explained.score).toBeCloseTo(score, 12)
      expect(explained.recommended).toBe(rank <= 10)
      expect(explained.whyNot.map(({ code }: { code: string }) => code)).toEqual(rank <= 10 ? [] : ['BELOW_RANK'])
      const shown = explained.evidence.reduce(
        (sum: number, { contribution }: { contribution: number }) => sum + contribution,
        0,
      )
      expect(Math.abs(shown + explained.otherContribution - explained.score)).toBeLessThan(1e-9 * explained.score)
    }
  })

  it.each([
    { minPrice: 10 },
    { maxPrice: 9.5 },
    { brands: ['Private'] },
    { excludeProducts: ['p3', 'p19'] },
    { categories: ['department:NOWHERE'] },
    { excludeCategories: ['department:?'] },
  ])('says FILTERED for exactly what %j leaves out of crossSell', async (where) => {
    const kept = new Set((await offers(where)).map(({ product }) => product.id))
    for (let n = 0; n < 20; n++) {
      const { rank, whyNot } = await why(`p${n}`, where)
      const filtered = whyNot.some(({ code }: { code: string }) => code === 'FILTERED')
      expect({ product: n, filtered, ranked: rank !== null }).toEqual({
        product: n,
        filtered: !kept.has(`p${n}`),
        ranked: kept.has(`p${n}`),
      })
      if (filtered) expect(whyNot[0].message).toContain(`where.${Object.keys(where)[0]}`)
    }
  })

  it('says OWNED for what the customer buys, and ranks it when owned products are included', async () => {
    expect(await codes('own')).toEqual(['OWNED'])
    expect(await codes('p19', undefined, 'c1')).toEqual(['OWNED'])
    expect(await codes('p19', { includeOwned: true }, 'c1')).toEqual([])
  })

  it('says NOT_MERCHANDISE, NO_PATH and INACTIVE', async () => {
    expect(await codes('p-fuel')).toEqual(['NOT_MERCHANDISE', 'NO_PATH'])
    expect(await why('apart')).toMatchObject({
      recommended: false,
      rank: null,
      score: 0,
      evidence: [],
      otherContribution: 0,
    })
    expect(await codes('apart')).toEqual(['NO_PATH'])
    await cypher(app.driver, 'MATCH (p:Product {id: "p19"}) SET p.active = false')
    expect(await codes('p19')).toEqual(['INACTIVE'])
    await cypher(app.driver, 'MATCH (p:Product {id: "p19"}) SET p.active = true')
  })

  it('names an unknown customer or product', async () => {
    for (const variables of [
      { id: 'nobody', product: 'p1' },
      { id: 'me', product: 'nothing' },
    ]) {
      const { errors } = await app.ask(EXPLAIN, { role: 'MARKETER', variables })
      expect(errors![0]).toMatchObject({
        message: expect.stringMatching(/nobody|nothing/),
        extensions: { code: 'NOT_FOUND' },
      })
    }
  })
})
