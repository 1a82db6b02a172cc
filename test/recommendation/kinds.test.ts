import { beforeAll, describe, expect, it } from 'vitest'
import type { WeightSets, Weights } from '../../src/modules/model/parameters.ts'
import { PARAMETERS, WEIGHTS } from '../../src/modules/model/parameters.ts'
import { createTestApp } from '../support/app.ts'
import { countMarket, countOffers } from '../support/kinds.ts'
import { LAST_DAY, market, tell } from '../support/market.ts'
import { asking, expectCounted } from '../support/offers.ts'
import { answerBy, day } from '../support/shop.ts'

const shop = market()
const AS_OF = Date.parse(day(LAST_DAY, '00:00:00.000'))
const counted = countMarket(shop, PARAMETERS, AS_OF)
/** Every third one, and who is new. */
const customers = shop.customers.map(({ id }) => id).filter((id, at) => at % 3 === 0 || id.startsWith('n-'))
const KINDS = Object.keys(counted.ofCustomer)

describe('A model of one kind of evidence alone, counted again from the raw orders', () => {
  const app = createTestApp()
  const { crossSell, completeBasket } = asking(app)
  const models = new Map<string, string>()

  beforeAll(async () => {
    await tell(app, shop)
    for (const kind of KINDS) models.set(kind, await app.services.model.train({ kinds: [kind] }))
  })

  const weightsOf = (kind: string, question: keyof WeightSets): Weights => ({
    [kind]: WEIGHTS[question][kind as keyof Weights] ?? 1,
  })
  const ownedBy = (customerId: string) => counted.own(customerId).flatMap(({ id, times }) => (times > 0 ? [id] : []))
  const expected = (kind: string, customerId: string, includeOwned: boolean) => {
    const newcomer = counted.own(customerId).length === 0
    const question = newcomer ? 'newcomer' : includeOwned ? 'nextBasket' : 'crossSell'
    const asked = { customerId, weights: [weightsOf(kind, question)], power: PARAMETERS.trend.power[question] ?? 0 }
    return countOffers(counted, asked, includeOwned ? [] : ownedBy(customerId))
  }

  it('is known by its weights, and learned nothing else', async () => {
    for (const kind of KINDS) {
      const { kinds, weights, metrics } = (await app.services.model.serving(models.get(kind)!)) as never as {
        kinds: string[]
        weights: WeightSets
        metrics: { written: object }
      }
      expect(kinds).toEqual([kind])
      for (const [question, set] of Object.entries(weights))
        expect(set).toEqual(weightsOf(kind, question as keyof WeightSets))
      expect(Object.keys(metrics.written).sort()).toEqual(['MEASURED', kind].sort())
    }
  })

  it.each(KINDS)('%s offers each customer exactly what was counted, to 1e-9', async (kind) => {
    let offered = 0
    for (const customerId of customers) {
      const { items, model } = await crossSell({ customerId, model: models.get(kind) })
      expect(model.id).toBe(models.get(kind))
      expectCounted(items, expected(kind, customerId, false))
      offered += items.length
    }
    // What nobody owns yet is what REPEAT never offers.
    if (kind === 'REPEAT') expect(offered).toBe(0)
    else expect(offered).toBeGreaterThan(5)
  })

  it.each(KINDS)('%s counts the same with owned products included', async (kind) => {
    let offered = 0
    for (const customerId of customers) {
      const { items } = await crossSell({ customerId, model: models.get(kind), where: { includeOwned: true } })
      expectCounted(items, expected(kind, customerId, true))
      offered += items.length
    }
    expect(offered).toBeGreaterThan(30)
  })

  it.each(KINDS)('%s counts the same for baskets, with a customer and without', async (kind) => {
    await answerBy(app, models.get(kind)!)
    const weights = [weightsOf(kind, 'basket'), weightsOf(kind, 'basketCustomer')]
    for (const basket of [['p01'], ['p03', 'p12'], ['p02', 'p07', 'p15']]) {
      for (const customerId of [undefined, 'c03', 'c17', 'n-age', 'n-view']) {
        const { items } = await completeBasket({ productIds: basket, customerId })
        const power = PARAMETERS.trend.power.basket ?? 0
        expectCounted(items, countOffers(counted, { customerId, basket, weights, power }, basket))
      }
    }
  })
})
