import type { Graph } from '../../../graph/query.ts'
import type { Shelf } from './kind.ts'

const ROWS = 2_000
/** Reading and writing a model takes as long as it takes; a stuck Neo4j is noticed all the same. */
export const TIMEOUT_MS = 600_000

export function* inParts<T>(all: Iterable<T>, size: number): Generator<T[]> {
  let part: T[] = []
  for (const one of all) {
    part.push(one)
    if (part.length < size) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}

/** `wrote` hears of every part, with the number of relationships in it. */
export function createShelf(graph: Graph, model: string, wrote: (relationships: number) => void = () => {}): Shelf {
  return {
    graph,
    model,
    write: async (statement, rows, size = ROWS) => {
      let total = 0
      for (const part of inParts(rows, size)) {
        const answer = await graph.query(statement, { model, rows: part } as never, { timeoutMs: TIMEOUT_MS })
        const { relationships } = answer as unknown as { relationships: number }
        total += relationships
        wrote(relationships)
      }
      return total
    },
  }
}
