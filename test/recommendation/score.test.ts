import { beforeAll, describe, expect, it } from 'vitest'
import { PARAMETERS, WEIGHTS } from '../../src/modules/model/parameters.ts'
import { createTestApp } from '../support/app.ts'
import { type CountedOffer, countMarket, countOffers } from '../support/kinds.ts'
import { LAST_DAY, market, tell } from '../support/market.ts'
import { asking, expectCounted, expectOrder, expectSum, type TestOffer } from '../support/offers.ts'
import { day, train } from '../support/shop.ts'

const shop = market()
const counted = countMarket(shop, PARAMETERS, Date.parse(day(LAST_DAY, '00:00:00.000')))
const everyone = shop.customers.map(({ id }) => id)
const some = everyone.filter((id, at) => at % 4 === 0 || id.startsWith('n-'))
const BASKETS = [['p01'], ['p03', 'p12'], ['p02', 'p07', 'p15']]
const boosts = [
  { productId: 'p05', factor: 1.7 },
  { categoryId: 'category:SOAP', factor: 2 },
  { brand: 'Private', factor: 0.4 },
]
const boostOf = (id: string) => {
  const product = shop.products.find((one) => one.id === id)!
  return (id === 'p05' ? 1.7 : 1) * (product.category === 'SOAP' ? 2 : 1) * (product.brand === 'Private' ? 0.4 : 1)
}
const diversityOf = (id: string, diversity: number) => {
  const { smooth, power } = PARAMETERS.diversity
  return (smooth / (smooth + counted.buyersOf(id).size)) ** (power * diversity)
}

const owned = (customerId: string) => counted.own(customerId).flatMap(({ id, times }) => (times > 0 ? [id] : []))

/** What a customer is to be offered, from the raw orders. */
function expectedOf(customerId: string, includeOwned: boolean): CountedOffer[] {
  const usual = includeOwned ? 'nextBasket' : 'crossSell'
  const question = counted.own(customerId).length === 0 ? 'newcomer' : usual
  const asked = { customerId, weights: [WEIGHTS[question]], power: PARAMETERS.trend.power[question] ?? 0 }
  return countOffers(counted, asked, includeOwned ? [] : owned(customerId))
}
function expectedWith(basket: string[], customerId: string | undefined, exclude: string[] = []): CountedOffer[] {
  const weights = [WEIGHTS.basket, WEIGHTS.basketCustomer]
  const asked = { customerId, basket, weights, power: PARAMETERS.trend.power.basket ?? 0 }
  return countOffers(counted, asked, [...basket, ...exclude])
}

describe('One score of all kinds of evidence', () => {
  const app = createTestApp()
  const { crossSell, completeBasket, explain } = asking(app)

  beforeAll(async () => {
    await tell(app, shop)
    await train(app)
  })

  it.each([false, true])(
    'crossSell is what was counted from the raw orders (includeOwned %s)',
    async (includeOwned) => {
      for (const customerId of everyone) {
        const { items } = await crossSell({ customerId, where: { includeOwned } })
        expectCounted(items, expectedOf(customerId, includeOwned))
      }
    },
  )

  it('completeBasket is what was counted, with a customer and without, owned products included or not', async () => {
    for (const productIds of BASKETS) {
      expectCounted((await completeBasket({ productIds })).items, expectedWith(productIds, undefined))
      for (const customerId of ['c03', 'c08', 'c17', 'n-age', 'n-view']) {
        expectCounted((await completeBasket({ productIds, customerId })).items, expectedWith(productIds, customerId))
        const fresh = await completeBasket({ productIds, customerId, where: { includeOwned: false } })
        expectCounted(fresh.items, expectedWith(productIds, customerId, owned(customerId)))
      }
    }
  })

  it('negative contributions are told, and count', async () => {
    let negative = 0
    for (const customerId of some) {
      for (const offer of (await crossSell({ customerId, where: { includeOwned: true } })).items) {
        negative += offer.evidence.filter(({ contribution }) => contribution < 0).length
        expectSum(offer)
      }
    }
    expect(negative).toBeGreaterThan(0)
  })

  it.each([0, 1, 3])('with %i evidence shown the rest is otherContribution', async (evidence) => {
    const lists = [
      ...some.map((customerId) => crossSell({ customerId, evidence, where: { includeOwned: true } })),
      ...some.map((customerId) => completeBasket({ productIds: BASKETS[1], customerId, evidence, where: { boosts } })),
    ]
    for (const { items } of await Promise.all(lists)) {
      for (const offer of items) {
        expect(offer.evidence.length).toBeLessThanOrEqual(evidence)
        expectSum(offer, false)
      }
    }
  })

  describe.each([
    ['boosts', { boosts }],
    ['diversity', { diversity: 0.6 }],
    ['both', { boosts, diversity: 1 }],
  ])('with %s', (_, where: { boosts?: typeof boosts; diversity?: number }) => {
    const factorsOf = (id: string) => ({
      BOOST: where.boosts ? boostOf(id) : 1,
      DIVERSITY: diversityOf(id, where.diversity ?? 0),
    })
    /** The score, the order and what the two adjustments add are as counted; nothing else changes. */
    function expectAdjusted(items: TestOffer[], expected: CountedOffer[]) {
      expectOrder(items)
      expect(items.map(({ product }) => product.id).sort()).toEqual(expected.map(({ id }) => id).sort())
      for (const offer of items) {
        expectSum(offer)
        const { score } = expected.find(({ id }) => id === offer.product.id)!
        const { BOOST, DIVERSITY } = factorsOf(offer.product.id)
        expect(offer.score / (score * BOOST * DIVERSITY)).toBeCloseTo(1, 8)
        const told = (kind: string) => offer.evidence.find((one) => one.kind === kind)?.contribution ?? 0
        expect(told('BOOST') / score).toBeCloseTo(BOOST - 1, 8)
        expect(told('DIVERSITY') / score).toBeCloseTo(BOOST * (DIVERSITY - 1), 8)
        expect(offer.evidence.some(({ kind }) => kind === 'BOOST')).toBe(BOOST !== 1)
        expect(offer.evidence.some(({ kind }) => kind === 'DIVERSITY')).toBe(DIVERSITY !== 1)
      }
    }

    it('crossSell and completeBasket show what it adds to each score', async () => {
      for (const customerId of some) {
        const { items } = await crossSell({ customerId, where })
        expectAdjusted(items, expectedOf(customerId, false))
        const basket = await completeBasket({ productIds: BASKETS[2], customerId, where })
        expectAdjusted(basket.items, expectedWith(BASKETS[2]!, customerId))
      }
    })

    it('explain agrees with the offer on its score, its rank and its evidence', async () => {
      for (const customerId of ['c04', 'c11', 'n-age']) {
        for (const offer of (await crossSell({ customerId, where })).items) {
          const explained = await explain({ customerId, productId: offer.product.id, where })
          expectSum(explained)
          expect(explained).toMatchObject({ rank: offer.rank, recommended: offer.rank <= 10 })
          expect(explained.score / offer.score).toBeCloseTo(1, 10)
          expect(explained.evidence.map(({ reason }) => reason)).toEqual(offer.evidence.map(({ reason }) => reason))
        }
      }
    })
  })

  it('a boost of 0 leaves out what it names, and nothing else', async () => {
    const all = (await crossSell({ customerId: 'c04' })).items.map(({ product }) => product.id)
    const [first] = all
    const rest = await crossSell({ customerId: 'c04', where: { boosts: [{ productId: first, factor: 0 }] } })
    expect(rest.items.map(({ product }) => product.id)).toEqual(all.slice(1))
  })

  it('explain adds up for every pair of a customer and a product, offered or not', async () => {
    for (const customerId of ['c04', 'c13', 'n-none', 'n-view']) {
      const { items } = await crossSell({ customerId })
      for (const { id } of shop.products) {
        const explained = await explain({ customerId, productId: id })
        expectSum(explained)
        const offer = items.find(({ product }) => product.id === id)
        expect(explained.rank).toBe(offer?.rank ?? null)
        expect(explained.whyNot.length === 0).toBe(offer !== undefined && offer.rank <= 10)
        if (offer) expect(explained.score / offer.score).toBeCloseTo(1, 10)
      }
    }
  })
})
