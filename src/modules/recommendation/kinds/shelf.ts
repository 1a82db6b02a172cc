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

export function createShelf(graph: Graph, model: string): Shelf {
  return {
    graph,
    model,
    write: async (statement, rows, size = ROWS) => {
      let total = 0
      for (const part of inParts(rows, size)) {
        const answer = await graph.query(statement, { model, rows: part } as never, { timeoutMs: TIMEOUT_MS })
        total += (answer as unknown as { relationships: number }).relationships
      }
      return total
    },
  }
}
