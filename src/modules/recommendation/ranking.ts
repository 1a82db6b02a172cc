import { NOTHING } from '../../engine/history.ts'
import type { Parameters, Weights } from '../model/parameters.ts'
import { KINDS } from './kinds/index.ts'
import type { Start, World } from './kinds/kind.ts'
import { type Measures, trendTo } from './kinds/measure.ts'

/** A model as arrays: all it learned, by kind. */
export type Trained = {
  world: World
  measures: Measures
  parameters: Parameters
  learned: ReadonlyMap<string, unknown>
}

/** Where paths start, and how much each kind counts from there. A score is the sum over its passes. */
export type Pass = { start: Start; weights: Weights }

export const counts = (weights: Weights) => KINDS.filter(({ kind }) => (weights[kind] ?? 0) !== 0)

/** The score of every item, the trend of the item taken in. 0 where no path leads. */
export function scores(
  { world, measures, parameters, learned }: Trained,
  passes: readonly Pass[],
  trendPower: number,
): Float64Array {
  const totals = new Float64Array(world.items.length)
  for (const { start, weights } of passes) {
    for (const { kind, score } of counts(weights)) {
      const known = learned.get(kind)
      if (known !== undefined) score(known, world, start, weights[kind]!, totals, parameters)
    }
  }
  const factor = trendTo(measures, trendPower)
  const offered = new Float64Array(totals.length)
  for (const item of measures.catalogue) offered[item] = totals[item]! * factor[item]!
  return offered
}

export const NOWHERE: Start = {
  basket: false,
  customer: -1,
  groups: [],
  campaigns: [],
  items: NOTHING.item,
  weights: NOTHING.at,
  repeats: NOTHING.at,
  lastAt: NOTHING.at,
}
