import { describe, expect, it } from 'vitest'
import { interval, scoreBaskets, scoreLists } from '../../src/evaluation/metrics.ts'
import { casesOf, truthOf } from '../../src/evaluation/split.ts'
import { shopSplit } from './world.ts'

const lists = (entries: Record<string, string[]>) => new Map(Object.entries(entries))

/** Discounts of the ranks: 1, 1 / log2(3), 1 / log2(4). */
const SECOND = 1 / Math.log2(3)
const THIRD = 0.5

describe('Scores of lists', () => {
  it('counts an owned item as a miss in cross-sell, and an item named twice once', async () => {
    const split = await shopSplit('product')
    // The truth is { 3, 10 }: found at the first and the third rank.
    const scores = scoreLists(split, truthOf(split, 'B'), lists({ 1: ['3', '1', '10', '3'] }), 'B')
    expect(scores).toMatchObject({ customers: 1, missingLists: 0, recall: 1, hit: 1, precision: 0.2, recallCeiling: 1 })
    expect(scores.ndcg).toBeCloseTo((1 + THIRD) / (1 + SECOND), 12)
    expect(scores).toMatchObject({ alreadyBought: 1, duplicates: 1, outsideCatalogue: 0 })
    expect(scores).toMatchObject({ coverage: 3 / 4, distinctItems: 3, shareOfTop10Items: 1 })
  })

  it('gives a customer without a list 0, and the next basket its owned items', async () => {
    const split = await shopSplit('product')
    // Truths: customer 1 { 1, 2, 10 }, customer 2 { 2, 3, 10 }.
    const scores = scoreLists(split, truthOf(split, 'A'), lists({ 1: ['1', '77'] }), 'A')
    expect(scores).toMatchObject({ customers: 2, missingLists: 1, hit: 0.5, precision: 0.05, alreadyBought: 0 })
    expect(scores.recall).toBeCloseTo(1 / 6, 12)
    expect(scores.ndcg).toBeCloseTo(1 / (1 + SECOND + THIRD) / 2, 12)
    expect(scores).toMatchObject({ outsideCatalogue: 1, coverage: 1 / 4, distinctItems: 2 })
  })

  it('looks at the first k only', async () => {
    const split = await shopSplit('product')
    const scores = scoreLists(split, truthOf(split, 'B'), lists({ 1: ['1', '3', '10'] }), 'B', 2)
    expect(scores).toMatchObject({ recall: 0.5, precision: 0.5, distinctItems: 2 })
    expect(scores.ndcg).toBeCloseTo(SECOND / (1 + SECOND), 12)
    expect(scoreLists(split, truthOf(split, 'B'), lists({ 1: ['3'] }), 'B', 1)).toMatchObject({
      ndcg: 1,
      recallCeiling: 0.5,
    })
  })
})

describe('Scores of baskets', () => {
  it('takes the reciprocal rank of the held-out item, 0 where it or the list is missing', async () => {
    const cases = casesOf(await shopSplit('product'), 'any')
    // Held out: 507 and 505 item 2, 503 item 3, 501 item 1.
    const scores = scoreBaskets(cases, lists({ 507: ['2'], 505: ['3', '3', '2'], 503: [] }))
    expect(scores).toMatchObject({ cases: 4, customers: 2, missingLists: 1, mrr: 1.5 / 4, hit: 0.5 })
    expect(scoreBaskets(cases, lists({ 505: ['3', '3', '2'] }), 1)).toMatchObject({ mrr: 0, hit: 0 })
  })
})

describe('The interval of a mean', () => {
  const half = Array.from({ length: 400 }, (_, n) => n % 2)

  it('is as wide as the spread over the root of the number says', () => {
    // Standard error 0.5 / 20: 95 % within 1.96 of it, the resampling itself is good for about a tenth.
    const [low, high] = interval(half)
    expect(low).toBeCloseTo(0.5 - 0.049, 2)
    expect(high).toBeCloseTo(0.5 + 0.049, 2)
    expect(interval([3, 3, 3])).toEqual([3, 3])
  })

  it('is the same each time, and another with another seed', () => {
    expect(interval(half)).toEqual(interval(half))
    expect(interval(half, 8)).not.toEqual(interval(half))
  })
})
