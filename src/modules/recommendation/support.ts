import type { Support } from './recommendation.type.ts'

/** Fewer distinct customers than this and the counts are withheld: they could point at a person. */
export const MIN_CUSTOMERS = 5

/** A count of distinct customers, or null where it is withheld. */
export const enough = (customers: number): number | null => (customers >= MIN_CUSTOMERS ? customers : null)

export const NO_SUPPORT: Support = {
  orders: null,
  customers: null,
  support: null,
  confidence: null,
  lift: null,
  cosine: null,
  medianDays: null,
}

/** Of a path that only a number of customers is known of. */
export const customersBehind = (customers: number): Support | null =>
  enough(customers) === null ? null : { ...NO_SUPPORT, customers }
