import { describe, expect, it } from 'vitest'
import { invert, multiplyTransposed } from '../../src/engine/inverse.ts'
import { learnItemModel } from '../../src/engine/item-model.ts'
import { leastSquaresWithout, times, turned } from '../support/dense.ts'
import { randomMatrix, toSparse } from './support.ts'

const flat = (a: number[][]) => Float64Array.from(a.flat())
const rowsOf = (a: Float64Array, n: number) => Array.from({ length: n }, (_, row) => [...a.slice(row * n, row * n + n)])

function expectNear(a: number[][], b: number[][], digits = 10) {
  expect(a.length).toBe(b.length)
  for (const [row, values] of a.entries())
    for (const [column, value] of values.entries()) expect(value).toBeCloseTo(b[row]![column]!, digits)
}
const identity = (n: number) =>
  Array.from({ length: n }, (_, r) => Array.from({ length: n }, (_, c) => (r === c ? 1 : 0)))
const positiveDefinite = (seed: number, n: number) => {
  const a = randomMatrix(seed, n + 3, n)
  return times(turned(a), a).map((row, r) => row.map((value, c) => value + (r === c ? 0.5 : 0)))
}

describe('Dense matrices', () => {
  // Sizes around the tile of four, and one of several tiles.
  it.each([1, 2, 3, 4, 5, 7, 8, 9, 23])('the inverse of a %i x %i matrix times itself is the identity', (n) => {
    const a = positiveDefinite(n, n)
    expectNear(times(a, rowsOf(invert(flat(a), n), n)), identity(n), 8)
  })

  it('the inverse reads the lower triangle alone', () => {
    const a = positiveDefinite(5, 6)
    const lower = a.map((row, r) => row.map((value, c) => (c <= r ? value : Number.NaN)))
    expectNear(rowsOf(invert(flat(lower), 6), 6), rowsOf(invert(flat(a), 6), 6))
  })

  it('what is not positive definite is refused', () => {
    expect(() => invert(Float64Array.from([1, 2, 2, 1]), 2)).toThrow(RangeError)
  })

  it.each([1, 3, 4, 6, 9])('a product of rows of %i is as by hand', (n) => {
    const [a, b] = [randomMatrix(n, n, n), randomMatrix(n + 40, n, n)]
    expectNear(rowsOf(multiplyTransposed(flat(a), flat(b), n), n), times(a, turned(b)))
  })
})

describe('The item model', () => {
  const inputs = randomMatrix(3, 30, 9, 0.5)
  const targets = inputs.map((row, r) => row.map((value, c) => (value === 0 ? 0 : ((r * 7 + c * 3) % 5) / 5)))
  const sparse = toSparse(inputs)
  const targetsOf = Float64Array.from(targets.flatMap((row, r) => row.filter((_, c) => inputs[r]![c] !== 0)))

  it('is, for each item, the ridge regression of what was bought lately on all others', () => {
    const items = Int32Array.from({ length: 9 }, (_, at) => at)
    const { values } = learnItemModel(sparse, targetsOf, items, 2)
    expectNear(rowsOf(values, 9), turned(leastSquaresWithout(inputs, targets, 2)))
    expect(values.some((value) => value < 0)).toBe(true)
  })

  it('over some of the items it is that of these columns alone', () => {
    const items = Int32Array.of(1, 4, 5, 8)
    const { values, positionOf } = learnItemModel(sparse, targetsOf, items, 0.7)
    const only = (rows: number[][]) => rows.map((row) => Array.from(items, (item) => row[item]!))
    expectNear(rowsOf(values, 4), turned(leastSquaresWithout(only(inputs), only(targets), 0.7)))
    expect([...positionOf]).toEqual([-1, 0, -1, -1, 1, 2, -1, -1, 3])
  })

  it('an item says nothing about itself', () => {
    const { values } = learnItemModel(sparse, sparse.value, Int32Array.of(0, 2, 3), 1)
    expect([values[0], values[4], values[8]]).toEqual([0, 0, 0])
  })
})
