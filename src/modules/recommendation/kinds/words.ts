import type { Support } from '../recommendation.type.ts'

/** Fewer distinct customers than this and the counts are withheld: they could point at a person. */
export const MIN_CUSTOMERS = 5
export const fewer = `fewer than ${MIN_CUSTOMERS}`

export const counted = (n: number, one = 'time', many = `${one}s`) =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`

export const chance = (lift: number) =>
  lift >= 1.05
    ? `${lift.toLocaleString('en', { maximumFractionDigits: 1 })} times more often than chance`
    : 'about as often as chance'

export const NO_SUPPORT: Support = {
  orders: null,
  customers: null,
  support: null,
  confidence: null,
  lift: null,
  cosine: null,
  medianDays: null,
}
