import { badInput } from '../../errors.ts'
import type { Graph } from '../../graph/query.ts'
import { PARAMETERS, WEIGHTS, type WeightSets, type Weights } from '../model/parameters.ts'
import type { Trainer } from '../model/train.ts'
import { KINDS } from './kinds/index.ts'
import { TIMEOUT_MS } from './kinds/shelf.ts'
import type { Learning } from './learn.ts'

const BATCH = 10_000

/** Learns on a thread of its own. */
export type LearnElsewhere = (
  task: Learning,
  onProgress: Parameters<Trainer['learn']>[1],
) => ReturnType<Trainer['learn']>

export const createTrainer = (graph: Graph, learn: LearnElsewhere): Trainer => ({
  recipe: (only) => {
    const weights = weightsOf(WEIGHTS, only)
    const kinds = KINDS.map(({ kind }) => kind).filter((kind) => Object.values(weights).some((set) => set[kind]))
    return { parameters: PARAMETERS, weights, kinds }
  },

  learn: (task, onProgress) => learn({ ...task, parameters: PARAMETERS }, onProgress),

  forget: async (model, signal) => {
    const statements = new Set(['model/forget-measures' as const, ...KINDS.flatMap(({ forget }) => forget ?? [])])
    for (const statement of statements) {
      let deleted = BATCH
      while (deleted === BATCH && !signal.aborted)
        deleted = (await graph.query(statement, { model, limit: BATCH }, { timeoutMs: TIMEOUT_MS }))?.deleted ?? 0
    }
  },
})

/** All weights, or those of some kinds; where none of these counts for a question, each counts 1. @throws BAD_USER_INPUT for an unknown kind. */
export function weightsOf(all: WeightSets, only: readonly string[] | undefined): WeightSets {
  if (only === undefined) return all
  const kinds = KINDS.map(({ kind }) => kind).filter((kind) => only.includes(kind))
  const unknown = only.find((name) => !kinds.some((kind) => kind === name))
  if (unknown !== undefined || kinds.length === 0)
    throw badInput(
      'input.kinds',
      `kinds: ${unknown ?? 'none'} is not one of ${KINDS.map(({ kind }) => kind).join(', ')}.`,
    )
  const some = (set: Weights): Weights => {
    const kept = Object.fromEntries(kinds.flatMap((kind) => (set[kind] ? [[kind, set[kind]]] : [])))
    return Object.keys(kept).length > 0 ? kept : Object.fromEntries(kinds.map((kind) => [kind, 1]))
  }
  return Object.fromEntries(Object.entries(all).map(([name, set]) => [name, some(set)])) as WeightSets
}
