/** Of so many customers so many bought. */
export type Arm = { customers: number; bought: number }
export type Difference = { difference: number; low: number; high: number }

export const LEVEL = 0.95
export const METHOD =
  'Newcombe’s hybrid score interval for the difference of two proportions, from two Wilson intervals'

/** Of the standard normal distribution: 97.5 %, and 80 % for the power of a comparison. */
const Z = 1.959963984540054
const Z_POWER = 0.8416212335729143

/** Wilson's score interval. */
export function wilson({ customers, bought }: Arm): { low: number; high: number } {
  const share = bought / customers
  const square = Z ** 2 / customers
  const middle = share + square / 2
  const spread = Z * Math.sqrt((share * (1 - share)) / customers + square / customers / 4)
  return { low: Math.max(0, (middle - spread) / (1 + square)), high: Math.min(1, (middle + spread) / (1 + square)) }
}

/** How much more of the treated than of those held out bought, with its 95 % interval (Newcombe 1998, method 10). Neither may be empty. */
export function newcombe(treated: Arm, holdout: Arm): Difference {
  const [a, b] = [treated.bought / treated.customers, holdout.bought / holdout.customers]
  const [ofA, ofB] = [wilson(treated), wilson(holdout)]
  const difference = a - b
  return {
    difference,
    low: difference - Math.hypot(a - ofA.low, ofB.high - b),
    high: difference + Math.hypot(ofA.high - a, b - ofB.low),
  }
}

/**
 * Customers an arm needs for a difference as large as the one seen to be told from none, in 80 % of campaigns at 95 %; null where the
 * interval does so already, or where none is seen.
 */
export function neededPerArm(treated: Arm, holdout: Arm, { difference, low, high }: Difference): number | null {
  if (difference === 0 || low > 0 || high < 0) return null
  const [a, b] = [treated.bought / treated.customers, holdout.bought / holdout.customers]
  const mean = (a + b) / 2
  const spread = Z * Math.sqrt(2 * mean * (1 - mean)) + Z_POWER * Math.sqrt(a * (1 - a) + b * (1 - b))
  // No table of any shop is longer; and it fits an Int.
  return Math.min(Math.ceil((spread / difference) ** 2), 2 ** 31 - 1)
}
