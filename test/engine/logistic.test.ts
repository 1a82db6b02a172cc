import { describe, expect, it } from 'vitest'
import { fitLogistic, type Rows } from '../../src/engine/logistic.ts'
import { auc, scoreResponse } from '../../src/evaluation/response.ts'
import { seeded } from '../../src/random.ts'

/** Two features with known weights, and groups with base rates of their own. */
function drawn(count: number, weights: number[], bases: number[]): Rows {
  const random = seeded(3)
  const features = Array.from({ length: count }, () => Float64Array.of(random() * 4 - 2, random() * 4 - 2))
  const group = Int32Array.from({ length: count }, (_, at) => at % bases.length)
  const happened = Uint8Array.from(features, (row, at) => {
    const score = row[0]! * weights[0]! + row[1]! * weights[1]! + bases[group[at]!]!
    return random() < 1 / (1 + Math.exp(-score)) ? 1 : 0
  })
  return { features, group, happened }
}

describe('The logistic fit', () => {
  it('finds the weights that made the data, whatever the base rates', () => {
    const [first, second] = fitLogistic(drawn(20_000, [1.2, -0.7], [-2, 0, 1.5]), [0, 0], 1e-3)
    expect(first).toBeCloseTo(1.2, 1)
    expect(second).toBeCloseTo(-0.7, 1)
  })

  it('stands where the slope of the loss is 0', () => {
    const rows = drawn(400, [2, 1], [0])
    const [prior, ridge] = [[0.5, -0.5], 7]
    const at = fitLogistic(rows, prior, ridge)
    const again = fitLogistic(rows, prior, ridge)
    expect([...again]).toEqual([...at])
    const spread = [0, 1].map((n) => {
      const mean = rows.features.reduce((sum, row) => sum + row[n]!, 0) / 400
      return rows.features.reduce((sum, row) => sum + (row[n]! - mean) ** 2, 0) / 400
    })
    // The base rate is found by its own slope: what is expected adds up to what happened.
    let base = 0
    const off = () =>
      rows.features.map(
        (row, n) => 1 / (1 + Math.exp(-(row[0]! * at[0]! + row[1]! * at[1]! + base))) - rows.happened[n]!,
      )
    for (let step = 0; step < 200; step++) base -= (off().reduce((a, b) => a + b, 0) + 1e-3 * base) / 60
    for (const n of [0, 1]) {
      const slope = off().reduce((sum, one, row) => sum + one * rows.features[row]![n]!, 0)
      expect(slope + ridge * spread[n]! * (at[n]! - prior[n]!)).toBeCloseTo(0, 3)
    }
  })

  it('answers the prior without rows, and holds to it where a feature never differs', () => {
    const empty = { features: [], happened: new Uint8Array(), group: new Int32Array() }
    expect([...fitLogistic(empty, [1, 0.5], 10)]).toEqual([1, 0.5])
    const rows = drawn(300, [1, 0], [0])
    for (const row of rows.features) row[1] = 0
    expect(fitLogistic(rows, [0, 0.5], 1)[1]).toBeCloseTo(0.5, 9)
  })

  it('stays finite where a feature tells everything', () => {
    const features = Array.from({ length: 50 }, (_, at) => Float64Array.of(at < 25 ? 0 : 1))
    const happened = Uint8Array.from(features, ([value]) => value!)
    const [weight] = fitLogistic({ features, happened, group: new Int32Array(50) }, [0], 1)
    expect(weight).toBeGreaterThan(2)
    expect(weight).toBeLessThan(100)
  })
})

describe('The AUC', () => {
  it('is the share of pairs in order, a tie counting half', () => {
    expect(auc(Float64Array.of(1, 3), Float64Array.of(0, 1, 2))).toBeCloseTo((1 + 0.5 + 0 + 3) / 6, 12)
    expect(auc(Float64Array.of(1), Float64Array.of(1, 1))).toBe(0.5)
  })

  it('is averaged over campaigns with five responders, with an interval around it', () => {
    const people = (responders: number, better: number) =>
      Array.from({ length: 40 }, (_, at) => ({ responded: at < responders, score: at < better ? 2 : at % 2 }))
    const all = [people(5, 5), people(10, 0), people(4, 4)]
    const scores = scoreResponse('mine', all)!
    expect(scores).toMatchObject({ name: 'mine', campaigns: 2, recipients: 80, responders: 15, auc: (1 + 0.5) / 2 })
    const [low, high] = scores.aucInterval
    expect(low).toBeLessThan(0.75)
    expect(high).toBeGreaterThan(0.75)
    expect(scoreResponse('mine', [people(4, 4)])).toBeNull()
  })
})
