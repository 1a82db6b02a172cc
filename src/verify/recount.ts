import type { Graph, Row } from '../graph/query.ts'
import type { Parameters, WeightSets, Weights } from '../modules/model/parameters.ts'
import type { Asked, Recounted } from './compare.ts'

export type Model = Omit<Row<'verify/model'>, 'parameters' | 'weights' | 'metrics'> & {
  parameters: Parameters
  weights: WeightSets
  metrics: { orders?: number }
}
export type Trend = Row<'verify/trend'>
export type Recount = ReturnType<typeof createRecount>

/** Where paths start: at a customer, or in a basket. */
type Start = { customerId: string | null; basket: string[] }
type Total = { total: number } | null

/** Scores from the paths alone: one plain statement a kind, a customer (or basket) and a product at a time. */
export function createRecount(graph: Graph, { id: model, asOf, until, parameters, weights }: Model) {
  const { halfLifeDays, repeatHalfLifeDays, viewShare, similar, after, trend } = parameters

  const kinds: Record<string, (start: Start, productId: string) => Promise<Total>> = {
    BOUGHT_WITH: (start, productId) =>
      graph.query('verify/bought-with', { ...start, productId, model, asOf, halfLifeDays, viewShare }),
    ITEM_MODEL: (start, productId) => {
      const from = start.customerId === null ? 'ORDERS' : 'CUSTOMERS'
      return graph.query('verify/item-model', { ...start, productId, model, asOf, halfLifeDays, viewShare, from })
    },
    SAME_CATEGORY: (start, productId) =>
      graph.query('verify/same-category', { ...start, productId, model, asOf, halfLifeDays, viewShare }),
    REPEAT: ofCustomer((customerId, productId) =>
      graph.query('verify/repeat', { customerId, productId, asOf, halfLifeDays: repeatHalfLifeDays }),
    ),
    BOUGHT_AFTER: ofCustomer((customerId, productId) => {
      const own = { customerId, asOf, halfLifeDays, viewShare }
      return graph.query('verify/bought-after', { ...own, productId, model, dueDays: after.days })
    }),
    SIMILAR_CUSTOMER: ofCustomer((customerId, productId) => {
      const lately = { asOf, halfLifeDays: similar.halfLifeDays }
      return graph.query('verify/similar-customer', { customerId, productId, model, ...lately })
    }),
    TRENDING: ofCustomer((_, productId) => graph.query('verify/trending', { productId, model })),
    POPULAR_IN_GROUP: ofCustomer((customerId, productId) =>
      graph.query('verify/popular-in-group', { customerId, productId, model }),
    ),
    CAMPAIGN: ofCustomer((customerId, productId) => graph.query('verify/campaign', { customerId, productId, model })),
  }

  function startsOf({ question, customerId, basket }: Asked): { start: Start; counts: Weights }[] {
    const fromCustomer = { customerId, basket: [] }
    if (question !== 'basket') return [{ start: fromCustomer, counts: weights[question] }]
    return [
      { start: { customerId: null, basket: [...basket] }, counts: weights.basket },
      { start: fromCustomer, counts: weights.basketCustomer },
    ]
  }

  return {
    /** What similar customers bought, by what the model kept of it and by the orders there are now. */
    similar: async (customerId: string, productId: string): Promise<{ kept: number; counted: number }> => {
      const ask = { customerId, productId, model, asOf, halfLifeDays: similar.halfLifeDays }
      const kept = await graph.query('verify/similar-customer', ask)
      const counted = await graph.query('verify/similar-orders', { ...ask, until })
      return { kept: kept?.total ?? 0, counted: counted?.total ?? 0 }
    },

    /** How the model measured a product, and the same counted again; null for one it may not offer. */
    trend: (productId: string): Promise<Trend | null> => {
      const { days, smooth, low, high } = trend
      return graph.query('verify/trend', { productId, model, asOf, until, days, smooth, low, high })
    },

    async score(asked: Asked, productId: string, measured: Trend | null): Promise<Recounted> {
      const factor = measured === null ? 0 : measured.measured ** (trend.power[asked.question] ?? 0)
      const counted = await Promise.all(
        startsOf(asked).flatMap(({ start, counts }) =>
          Object.entries(counts)
            .filter(([, weight]) => weight !== 0)
            .map(async ([kind, weight]) => {
              const found = await kinds[kind]!(start, productId)
              return [kind, factor * weight * (found?.total ?? 0)] as const
            }),
        ),
      )
      const sums = new Map<string, number>()
      for (const [kind, amount] of counted) sums.set(kind, (sums.get(kind) ?? 0) + amount)
      return { kinds: sums, score: [...sums.values()].reduce((sum, amount) => sum + amount, 0) }
    },
  }
}

/** A basket alone has no such paths. */
const ofCustomer =
  (count: (customerId: string, productId: string) => Promise<Total>) =>
  async ({ customerId }: Start, productId: string): Promise<Total> =>
    customerId === null ? null : count(customerId, productId)
