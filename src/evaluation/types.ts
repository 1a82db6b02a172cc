import { PARAMETERS, type Parameters, WEIGHTS, type WeightSets } from '../modules/model/parameters.ts'

/**
 * The engine with types of products as items: what similar customers bought counts longer, fewer items are learned, and what follows the
 * order of purchase says something. Chosen on the November window like those of products; used by the evaluation only.
 */
export const TYPE_PARAMETERS: Parameters = {
  ...PARAMETERS,
  similar: { ...PARAMETERS.similar, halfLifeDays: 120 },
  items: { most: 1_200, lambda: 1_000, halfLifeDays: 180 },
  basketItems: { most: 1_200, lambda: 300, gamma: 0.3 },
  trend: { ...PARAMETERS.trend, power: { crossSell: 0.15 } },
}

export const TYPE_WEIGHTS: WeightSets = {
  ...WEIGHTS,
  crossSell: { SIMILAR_CUSTOMER: 1, ITEM_MODEL: 3 },
  basket: { ITEM_MODEL: 100 },
}
