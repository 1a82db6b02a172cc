import { describe, expect, it } from 'vitest'
import { type Arm, neededPerArm, newcombe, wilson } from '../../src/modules/campaign/statistics.ts'
import { seeded } from '../../src/random.ts'

const arm = (bought: number, customers: number): Arm => ({ bought, customers })
const rounded = (numbers: object, digits = 4) =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value.toFixed(digits))]))

describe('The interval of an uplift', () => {
  it('is that of the published examples (Newcombe 1998, method 10)', () => {
    expect(rounded(newcombe(arm(56, 70), arm(48, 80)))).toEqual({ difference: 0.2, low: 0.0524, high: 0.3339 })
    expect(rounded(newcombe(arm(9, 10), arm(3, 10)))).toEqual({ difference: 0.6, low: 0.1705, high: 0.809 })
    expect(rounded(newcombe(arm(10, 10), arm(0, 10)))).toEqual({ difference: 1, low: 0.6075, high: 1 })
    expect(rounded(newcombe(arm(0, 10), arm(0, 20)))).toEqual({ difference: 0, low: -0.1611, high: 0.2775 })
    expect(rounded(wilson(arm(81, 263)))).toEqual({ low: 0.2553, high: 0.3662 })
  })

  it('says how many an arm needs, where it can’t tell the difference from none', () => {
    const needed = (a: Arm, b: Arm) => neededPerArm(a, b, newcombe(a, b))
    // 0.12 against 0.10 at 5 % and 80 %: the textbook's 3,841.
    expect(needed(arm(12, 100), arm(10, 100))).toBe(3_841)
    expect(needed(arm(1_200, 10_000), arm(1_000, 10_000))).toBeNull()
    expect(needed(arm(10, 100), arm(10, 100))).toBeNull()
    expect(needed(arm(0, 5), arm(0, 9))).toBeNull()
    expect(needed(arm(500_001, 1_000_000), arm(500_000, 1_000_000))).toBe(2 ** 31 - 1)
  })

  /** Campaigns of so many customers, each assigned by lot; who is treated buys with `base + effect`. */
  function simulate(seed: number, { customers = 2_000, holdout = 0.2, base = 0.1, effect = 0 }) {
    const random = seeded(seed)
    const treated = arm(0, 0)
    const held = arm(0, 0)
    for (let n = 0; n < customers; n++) {
      const isHeld = random() < holdout
      const one = isHeld ? held : treated
      one.customers++
      if (random() < base + (isHeld ? 0 : effect)) one.bought++
    }
    return newcombe(treated, held)
  }
  const share = (holds: (seed: number) => boolean) =>
    Array.from({ length: 1_000 }, (_, n) => holds(n + 1)).filter(Boolean).length / 1_000

  it('covers a planted effect in 93 to 97 of 100 campaigns, of 1,000 simulated', () => {
    for (const effect of [0.02, 0.05, -0.03]) {
      const covered = share((seed) => {
        const { low, high } = simulate(seed, { effect })
        return low <= effect && effect <= high
      })
      expect(covered, `effect ${effect}`).toBeGreaterThanOrEqual(0.93)
      expect(covered, `effect ${effect}`).toBeLessThanOrEqual(0.97)
    }
  })

  it('excludes zero in 3 to 7 of 100 campaigns that do nothing, of 1,000 simulated', () => {
    const found = share((seed) => {
      const { low, high } = simulate(seed + 10_000, {})
      return low > 0 || high < 0
    })
    expect(found).toBeGreaterThanOrEqual(0.03)
    expect(found).toBeLessThanOrEqual(0.07)
  })
})
