import type { EvidenceKind } from '../../generated/enums.ts'

/** How much each kind counts; a kind that is not named costs nothing. */
export type Weights = Partial<Record<EvidenceKind, number>>

/** What is asked decides which weights count: each was chosen for its own question, on the November window of the Complete Journey. */
export type WeightSets = {
  /** crossSell: something this customer never bought. */
  crossSell: Weights
  /** crossSell with includeOwned: the next basket. */
  nextBasket: Weights
  /** completeBasket: paths from the basket, and from the customer who holds it. */
  basket: Weights
  basketCustomer: Weights
  /** A customer who has bought nothing yet. */
  newcomer: Weights
}

/** Stored with the model and shown by `models`. Days, counts and powers; chosen once, kept for every cut. */
export type Parameters = {
  /** A purchase this many days before asOf counts half; in a repeat, this many. */
  halfLifeDays: number
  repeatHalfLifeDays: number
  /** A view counts this share of a purchase. */
  viewShare: number
  /** Products of fewer customers are not learned from and not offered. */
  minCustomers: number
  similar: { neighbours: number; halfLifeDays: number; latelyDays: number }
  /** The most bought products have weights; `lambda` is the ridge. Learned from customers, to lead to what was bought lately. */
  items: { most: number; lambda: number; halfLifeDays: number }
  /** The same learned from orders, for baskets; weights to product j are divided by (its orders / mean)^gamma. */
  basketItems: { most: number; lambda: number; gamma: number }
  /** Pairs in fewer units, or of fewer customers, say nothing: cosine loves rare pairs. */
  pairs: { minOrders: number; minCustomers: number; neighbours: number }
  after: { days: number }
  popular: { halfLifeDays: number; most: number }
  /** A product's contributions are multiplied by ((recent + smooth) / (before + smooth))^power, the ratio held between low and high; the power depends on the question, 0 where it is not named. */
  trend: { days: number; smooth: number; low: number; high: number; power: Partial<Record<keyof WeightSets, number>> }
  /** Diversity divides a score by (1 + customers / smooth)^(power x diversity): what everybody buys gives way. */
  diversity: { smooth: number; power: number }
}

export const PARAMETERS: Parameters = {
  halfLifeDays: 180,
  repeatHalfLifeDays: 90,
  viewShare: 0.2,
  minCustomers: 5,
  similar: { neighbours: 100, halfLifeDays: 30, latelyDays: 30 },
  items: { most: 2_000, lambda: 500, halfLifeDays: 30 },
  basketItems: { most: 2_000, lambda: 300, gamma: 0 },
  pairs: { minOrders: 3, minCustomers: 3, neighbours: 50 },
  after: { days: 28 },
  popular: { halfLifeDays: 30, most: 200 },
  trend: { days: 30, smooth: 5, low: 0.25, high: 4, power: { crossSell: 0.35 } },
  diversity: { smooth: 20, power: 0.35 },
}

export const WEIGHTS: WeightSets = {
  crossSell: { SIMILAR_CUSTOMER: 1, ITEM_MODEL: 3, SAME_CATEGORY: 12 },
  nextBasket: { REPEAT: 1, SIMILAR_CUSTOMER: 1, ITEM_MODEL: 1 },
  basket: { BOUGHT_WITH: 22, ITEM_MODEL: 37 },
  basketCustomer: { REPEAT: 1 },
  newcomer: { POPULAR_IN_GROUP: 1, TRENDING: 0.5, CAMPAIGN: 0.5 },
}
