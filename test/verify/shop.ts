import { expect } from 'vitest'
import type { BatchResult } from '../../src/batch.ts'
import { InteractionType } from '../../src/generated/enums.ts'
import { createModelService } from '../../src/modules/model/model.service.ts'
import { PARAMETERS, type Parameters, type WeightSets } from '../../src/modules/model/parameters.ts'
import type { Trainer } from '../../src/modules/model/train.ts'
import { createTrainer } from '../../src/modules/recommendation/trainer.ts'
import { seeded } from '../../src/random.ts'
import { createThreads } from '../../src/threads/pool.ts'
import type { TestApp } from '../support/app.ts'
import { backends, cypher } from '../support/graph.ts'
import { day, randomOrders } from '../support/shop.ts'

const PRODUCTS = 60
const DEPARTMENTS = ['GROCERY', 'DRUG GM', 'PRODUCE']

/** Every kind counts for every question, each by a weight of its own. */
export const KINDS = {
  REPEAT: 0.7,
  BOUGHT_WITH: 1.3,
  BOUGHT_AFTER: 0.9,
  SIMILAR_CUSTOMER: 2.1,
  ITEM_MODEL: 40,
  TRENDING: 0.3,
  SAME_CATEGORY: 1.7,
  POPULAR_IN_GROUP: 0.6,
  CAMPAIGN: 0.8,
}
const weights: WeightSets = {
  crossSell: KINDS,
  nextBasket: KINDS,
  basket: KINDS,
  basketCustomer: KINDS,
  newcomer: KINDS,
}
const parameters: Parameters = {
  ...PARAMETERS,
  items: { ...PARAMETERS.items, lambda: 20 },
  trend: { ...PARAMETERS.trend, days: 15, power: { crossSell: 0.4, nextBasket: 0.3, basket: 0.2, newcomer: 0.1 } },
}

/** A shop with everything there is: types, groups, views, campaigns; customers who only look, or do nothing at all. */
export async function openShop({ services, driver }: TestApp): Promise<void> {
  const next = seeded(5)
  const products = Array.from({ length: PRODUCTS }, (_, n) => ({
    id: `p${String(n).padStart(2, '0')}`,
    name: `Product ${n}`,
    department: n === 1 ? 'FUEL' : DEPARTMENTS[n % 3]!,
    category: `CATEGORY ${n % 6}`,
    type: `TYPE ${n % 12}`,
    active: n !== 2,
  }))
  took(await services.catalog.upsert(products))
  const ids = Array.from({ length: 40 }, (_, n) => `c${String(n).padStart(2, '0')}`)
  const customers = [...ids, 'looks-only', 'nobody-yet', 'no-group'].map((id, n) => ({
    id,
    ...(id === 'no-group' ? {} : { age: `age ${n % 3}`, income: `income ${n % 4}` }),
  }))
  took(await services.customer.upsert(customers, null))
  const orders = randomOrders(31, ids.length, 8, PRODUCTS)
  took(
    await services.order.record(
      orders.map((order) => ({
        ...order,
        revision: 1,
        placedAt: new Date(order.placedAt),
        lines: order.lines.map((line) => ({ discount: 0, couponDiscount: 0, ...line })),
      })),
    ),
  )
  const views = Array.from({ length: 80 }, (_, n) => ({
    id: `v${n}`,
    customerId: n % 8 === 0 ? 'looks-only' : ids[Math.floor(next() * 12)]!,
    productId: products[Math.floor(next() * PRODUCTS)]!.id,
    at: new Date(day(1 + Math.floor(next() * 40))),
  }))
  took(await services.customer.recordViews(views))
  await cypher(driver, "UNWIND ['spring', 'summer'] AS id CREATE (:Campaign {id: id, startsAt: datetime($at)})", {
    at: day(1),
  })
  const responders = [...ids.slice(0, 24), 'nobody-yet']
  took(
    await services.campaign.recordInteractions(
      responders.map((customerId, n) => ({
        id: `i${n}`,
        customerId,
        campaignId: n % 2 === 0 ? 'spring' : 'summer',
        type: n % 5 === 1 ? InteractionType.SENT : InteractionType.CLICKED,
        at: new Date(day(9)),
      })),
    ),
  )
}

const took = ({ rejected }: BatchResult) => expect(rejected).toEqual([])

/** Trains all kinds and makes the model the active one. */
export async function trainEverything(graph: TestApp['graph']): Promise<string> {
  const threads = createThreads(backends().neo4j)
  const trainer = {
    ...createTrainer(graph, threads.train),
    recipe: () => ({ parameters, weights, kinds: Object.keys(KINDS) }),
    learn: ((task, onProgress) => threads.train({ ...task, parameters }, onProgress)) satisfies Trainer['learn'],
  }
  try {
    const models = createModelService({ graph, trainer })
    const id = await models.train()
    await models.activate(id)
    return id
  } finally {
    await threads.stop()
  }
}
