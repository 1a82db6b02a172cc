/** An own product: bought so many times, or with 0 only looked at; or in the basket. */
export type OwnWords = { name: string; times: number; basket: boolean }
/** Several own products of one type or department. */
export type Several = {
  count: number
  of: string
  strongest: string
  basket: boolean
  /** Whether they speak for the product or against it. */
  adds: boolean
  /** Fewer than MIN_CUSTOMERS stand behind each of them. */
  few: boolean
}

/** Everything that is said in words, once a language. A count that is null is withheld: fewer than MIN_CUSTOMERS customers stand behind it. */
export type Texts = {
  /** Steps of a path. */
  thisCustomer: string
  similarCustomers: string
  several(count: number, of: string): string
  /** `attribute` is one of a customer's, such as householdSize. */
  group(attribute: string, value: string): string
  campaign(id: string): string

  /** What the trend of a product multiplies its contributions by, as the end of a reason. */
  trend(factor: number): string
  repeat(times: number): string
  boughtWith(own: OwnWords, behind: { orders: number; lift: number } | null): string
  boughtWithSeveral(group: Several): string
  /** `ago`: days since this customer bought or looked at the own product; `between`: the typical days between the two. */
  boughtAfter(own: OwnWords, ago: number, behind: { orders: number; between: number } | null): string
  boughtAfterSeveral(group: Several): string
  /** `days`: they bought it in the last so many; without, ever. */
  similarCustomer(behind: { customers: number | null; neighbours: number | null; days?: number }): string
  itemModel(own: OwnWords, adds: boolean): string
  itemModelSeveral(group: Several): string
  trending(behind: { recent: number | null; before: number | null; days: number }): string
  /** `share`: of what this customer buys, 0 to 1. */
  sameCategory(category: string, share: number, customers: number | null): string
  popularInGroup(group: string, customers: number | null): string
  responded(campaign: string, customers: number | null): string
  boost(raised: boolean): string
  diversity: string

  /** Why a list is empty. */
  noOffers: string
  objected: string
  nothingGoesWith: string

  /** Why a product is not offered. */
  notMerchandise(name: string): string
  inactive(name: string): string
  owned(times: number): string
  /** `filter`: a field of OfferFilter. */
  filtered(filter: string): string
  noPath: string
  outweighed: string
  belowRank(rank: number, within: number): string

  /** What would have to be different. `rank`: what would be then, null where it would not be offered. */
  without(name: string, rank: number | null): string
  withoutItself(rank: number | null): string
  /** Without any single one of those tried it stays in, or out of, the first ones. */
  noneDecides(of: { inside: boolean; within: number; tried: number; all: number }): string
  withOwned: string
  withoutFilter: string
  /** `boost`: the factor that would do, where there is one. */
  moreScore(score: number, boost: number | null): string
}
