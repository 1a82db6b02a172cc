import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createModelService } from '../../src/modules/model/model.service.ts'
import { PARAMETERS, WEIGHTS } from '../../src/modules/model/parameters.ts'
import { learn } from '../../src/modules/recommendation/learn.ts'
import { createRanker } from '../../src/modules/recommendation/ranker.ts'
import { createRecommendationService } from '../../src/modules/recommendation/recommendation.service.ts'
import { createTrainer } from '../../src/modules/recommendation/trainer.ts'
import { createTestApp } from '../support/app.ts'
import { countMarket, countOffers } from '../support/kinds.ts'
import { LAST_DAY, market, tell } from '../support/market.ts'
import { asking, expectCounted } from '../support/offers.ts'
import { day, train } from '../support/shop.ts'

const shop = market()
const TEN_YEARS_MS = 3_652 * 86_400_000

describe('Time, as the recommender knows it', () => {
  const app = createTestApp()
  const { crossSell, completeBasket, explain } = asking(app)

  beforeAll(async () => {
    await tell(app, shop)
    await train(app)
  })
  afterEach(() => void vi.useRealTimers())

  /** Learns and answers in this thread, so that the clock of the test is the only one. */
  async function answersAt(now: number) {
    vi.useFakeTimers({ toFake: ['Date'], now })
    const { graph } = app
    const models = createModelService({
      graph,
      trainer: createTrainer(graph, (task, onProgress) => learn(graph, task, onProgress)),
    })
    const { rank, without } = createRanker(graph)
    const { crossSell, completeBasket, explain } = createRecommendationService({ graph, models, rank, without })
    const model = await models.train()
    const { signal } = new AbortController()
    const asked = { model, evidence: 50, first: 100 }
    const answers = []
    for (const customerId of ['c01', 'c08', 'c19', 'n-age', 'n-none', 'n-view']) {
      for (const where of [{}, { includeOwned: true, diversity: 0.5 }])
        answers.push(await crossSell({ ...asked, customerId, where }, signal))
      answers.push(await completeBasket({ ...asked, customerId, productIds: ['p03', 'p12'] }, signal))
      answers.push(await explain({ ...asked, customerId, productId: 'p05' }, signal))
    }
    vi.useRealTimers()
    return answers.map((answer) =>
      'items' in answer ? { asOf: answer.asOf, items: answer.items } : { ...answer, doubted: undefined },
    )
  }

  it('a model trained and asked ten years later answers the same', async () => {
    const today = await answersAt(Date.now())
    expect(today.flatMap((one) => ('items' in one ? one.items : [])).length).toBeGreaterThan(30)
    expect(await answersAt(Date.now() + TEN_YEARS_MS)).toEqual(today)
    expect(await answersAt(Date.parse(day(1)))).toEqual(today)
  })

  it('the service asked ten years later answers the same', async () => {
    const ask = async () => [
      await crossSell({ customerId: 'c08' }),
      await completeBasket({ productIds: ['p03'], customerId: 'c01' }),
      await explain({ customerId: 'c19', productId: 'p05' }),
    ]
    const today = await ask()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + TEN_YEARS_MS })
    expect(await ask()).toEqual(today)
  })

  it('asOf is the day of the latest order', async () => {
    const { asOf, model } = await crossSell({ customerId: 'c08' })
    expect([asOf, model.dataUntil]).toEqual([day(LAST_DAY, '00:00:00.000'), day(LAST_DAY, '00:00:00.000')])
  })

  it.each([
    ['the start of a day', day(60, '00:00:00.000')],
    ['the middle of a day', day(64, '12:00:00.000')],
  ])('with until at %s asOf is its day, and nothing younger is learned', async (_, until) => {
    const model = await app.services.model.train({ until: new Date(until) })
    const asOf = `${until.slice(0, 10)}T00:00:00.000Z`
    const known = {
      ...shop,
      orders: shop.orders.filter(({ placedAt }) => placedAt < until),
      interactions: shop.interactions.filter(({ at }) => at < until),
    }
    const counted = countMarket(known, PARAMETERS, Date.parse(asOf), shop)
    for (const customerId of ['c00', 'c07', 'c16', 'n-age', 'n-none']) {
      const answer = await crossSell({ customerId, model })
      expect(answer.asOf).toBe(asOf)
      const question = counted.own(customerId).length === 0 ? 'newcomer' : 'crossSell'
      const asked = { customerId, weights: [WEIGHTS[question]], power: PARAMETERS.trend.power[question] ?? 0 }
      const owned = counted.own(customerId).flatMap(({ id, times }) => (times > 0 ? [id] : []))
      expectCounted(answer.items, countOffers(counted, asked, owned))
    }
  })
})
