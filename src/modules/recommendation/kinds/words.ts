import type { Support } from '../recommendation.type.ts'

/** Fewer distinct customers than this and the counts are withheld: they could point at a person. */
export const MIN_CUSTOMERS = 5
export const fewer = `fewer than ${MIN_CUSTOMERS}`

// Made once: toLocaleString looks its format up for every number.
const whole = new Intl.NumberFormat('en')
const oneDecimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })

export const counted = (n: number, one = 'time', many = `${one}s`) => `${whole.format(n)} ${n === 1 ? one : many}`

/** A share, 0 to 1, as a percentage. */
export const percentage = (share: number) => percent.format(share)

export const chance = (lift: number) =>
  lift >= 1.05 ? `${oneDecimal.format(lift)} times more often than chance` : 'about as often as chance'

export const NO_SUPPORT: Support = {
  orders: null,
  customers: null,
  support: null,
  confidence: null,
  lift: null,
  cosine: null,
  medianDays: null,
}
