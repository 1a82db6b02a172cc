import type { Graph } from '../../graph/query.ts'
import type { Parameters } from '../model/parameters.ts'
import { type Period, readData } from './data.ts'
import { KINDS } from './kinds/index.ts'
import { measure, writeMeasures } from './kinds/measure.ts'
import { createShelf } from './kinds/shelf.ts'

export type Learning = Period & { model: string; parameters: Parameters; kinds: readonly string[] }
export type Progress = { doing: string; share: number }

/** Parts of the whole that reading, learning and writing take, roughly; progress is told in them. */
const READING = 0.25

/** Learns every kind that counts and writes it to the graph. @returns how many relationships, by kind, and what was learned from. */
export async function learn(graph: Graph, task: Learning, onProgress: (progress: Progress) => void) {
  const { model, parameters } = task
  const data = await readData(graph, task, parameters, (share) =>
    onProgress({ doing: 'orders', share: share * READING }),
  )
  const kinds = KINDS.filter(({ kind }) => task.kinds.includes(kind))
  const written: Record<string, number> = {}
  const step = (1 - READING) / (kinds.length + 1)
  let done = READING
  const shelf = createShelf(graph, model)
  written.MEASURED = await writeMeasures(measure(data, parameters), data, shelf)
  for (const kind of kinds) {
    done += step
    onProgress({ doing: kind.kind, share: done })
    written[kind.kind] = await kind.write(kind.learn(data, parameters), data, shelf)
  }
  onProgress({ doing: 'done', share: 1 })
  return {
    orders: data.purchases.placedAt.length,
    customers: data.customers.length,
    products: data.items.length,
    written,
  }
}
