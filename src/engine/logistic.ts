import { invert } from './inverse.ts'

/** Rows of features, each with whether it happened (1 or 0) and the group it belongs to. */
export type Rows = { features: Float64Array[]; happened: Uint8Array; group: Int32Array }

const MOST_STEPS = 100
const CLOSE = 1e-10
/** Holds the base rate of a group back from infinity. */
const GROUP_RIDGE = 1e-3

/**
 * The most likely weights of a logistic regression with a base rate for each group: what tells the rows of one group apart is all
 * that counts. A ridge draws each weight to `prior`, in units of the feature's own spread; without rows the prior is the answer.
 * Newton's method, a step halved while it does not help.
 */
export function fitLogistic(rows: Rows, prior: readonly number[], ridge: number): Float64Array {
  const [n, count] = [prior.length, rows.features.length]
  const groups = rows.group.reduce((most, group) => Math.max(most, group + 1), 0)
  const size = n + groups
  const holds = Float64Array.from({ length: size }, (_, at) =>
    at < n ? ridge * Math.max(variance(rows.features, at), 1e-9) : GROUP_RIDGE,
  )
  const drawnTo = Float64Array.from({ length: size }, (_, at) => prior[at] ?? 0)
  let weights = drawnTo.slice()
  let loss = lossOf(weights)

  function scoreOf(of: Float64Array, row: number): number {
    let score = of[n + rows.group[row]!]!
    for (let at = 0; at < n; at++) score += of[at]! * rows.features[row]![at]!
    return score
  }
  function lossOf(of: Float64Array): number {
    let sum = 0
    for (let at = 0; at < size; at++) sum += (holds[at]! * (of[at]! - drawnTo[at]!) ** 2) / 2
    for (let row = 0; row < count; row++) {
      const score = scoreOf(of, row)
      sum += Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - (rows.happened[row] ? score : 0)
    }
    return sum
  }
  /** The step that would be right if the loss were a parabola. */
  function newtonStep(): Float64Array {
    const curve = new Float64Array(size * size)
    const slope = Float64Array.from(holds, (hold, at) => hold * (weights[at]! - drawnTo[at]!))
    for (let at = 0; at < size; at++) curve[at * size + at] = holds[at]!
    for (let row = 0; row < count; row++) {
      const expected = 1 / (1 + Math.exp(-scoreOf(weights, row)))
      const off = expected - rows.happened[row]!
      const bend = expected * (1 - expected)
      const group = n + rows.group[row]!
      const x = rows.features[row]!
      slope[group]! += off
      curve[group * size + group]! += bend
      for (let i = 0; i < n; i++) {
        slope[i]! += off * x[i]!
        curve[group * size + i]! += bend * x[i]!
        for (let j = 0; j <= i; j++) curve[i * size + j]! += bend * x[i]! * x[j]!
      }
    }
    const inverse = invert(curve, size)
    return Float64Array.from(weights, (_, i) =>
      slope.reduce((sum, value, j) => sum - inverse[i * size + j]! * value, 0),
    )
  }

  for (let step = 0; step < MOST_STEPS && count > 0; step++) {
    const move = newtonStep()
    let share = 1
    let next = weights.map((weight, at) => weight + move[at]!)
    while (lossOf(next) > loss && share > CLOSE) {
      share /= 2
      next = weights.map((weight, at) => weight + share * move[at]!)
    }
    const better = lossOf(next)
    if (better < loss) weights = next
    const gained = loss - better
    loss = Math.min(loss, better)
    if (gained <= CLOSE * Math.abs(loss)) break
  }
  return weights.slice(0, n)
}

function variance(features: readonly Float64Array[], at: number): number {
  const mean = features.reduce((sum, row) => sum + row[at]!, 0) / features.length
  return features.reduce((sum, row) => sum + (row[at]! - mean) ** 2, 0) / features.length
}
