import { popularity } from '../../../engine/popular.ts'
import { largest } from '../../../engine/sparse.ts'
import type { StatementName } from '../../../graph/query.ts'
import type { Parameters } from '../../model/parameters.ts'
import type { Data, Kind, Shelf, World } from './kind.ts'
import { TIMEOUT_MS } from './shelf.ts'

/** What is popular with a set of customers: by the set's id, the items, the share of the set that buys each (lately counting more), and how many did. */
export type Popular = Map<string, { items: Int32Array; share: Float64Array; customers: Int32Array }>

export function learnPopular(
  sets: ReadonlyMap<string, Int32Array>,
  { items, lastBought, asOf }: Data,
  { popular: { halfLifeDays, most }, minCustomers }: Parameters,
): Popular {
  const learned: Popular = new Map()
  for (const [id, customers] of sets) {
    const bought = popularity(lastBought, customers, { items: items.length, asOf, halfLifeDays })
    // Fewer customers than this behind a product could point at one of them.
    const enough = Array.from(items.keys()).filter((item) => bought.customers[item]! >= minCustomers)
    const best = Int32Array.from(largest(bought.recency, enough, most))
    learned.set(id, {
      items: best,
      share: Float64Array.from(best, (item) => bought.recency[item]! / customers.length),
      customers: Int32Array.from(best, (item) => bought.customers[item]!),
    })
  }
  return learned
}

type Statements = {
  write: Extract<StatementName, 'model/write-popular-in-group' | 'model/write-campaign'>
  read: Extract<StatementName, 'model/read-popular-in-group' | 'model/read-campaign'>
}

/** How what is popular with sets of customers is kept, and scored: the mean over the sets a customer is in. */
export const popularWith = (
  statements: Statements,
  setsOf: (start: { groups: readonly string[]; campaigns: readonly string[] }) => readonly string[],
): Pick<Kind<Popular>, 'write' | 'read' | 'score'> => ({
  write: (learned, { items }: World, shelf: Shelf) => {
    const rows = [...learned].flatMap(([setId, popular]) =>
      Array.from(popular.items, (item, at) => ({
        setId,
        productId: items[item]!,
        share: popular.share[at]!,
        customers: popular.customers[at]!,
      })),
    )
    return shelf.write(statements.write, rows)
  },

  read: async ({ itemAt }, { graph, model }) => {
    const learned: Popular = new Map()
    for (const row of await graph.query(statements.read, { model }, { timeoutMs: TIMEOUT_MS })) {
      const known = Array.from(row.productIds.keys()).filter((at) => itemAt.has(row.productIds[at]!))
      learned.set(row.setId, {
        items: Int32Array.from(known, (at) => itemAt.get(row.productIds[at]!)!),
        share: Float64Array.from(known, (at) => row.shares[at]!),
        customers: new Int32Array(known.length),
      })
    }
    return learned
  },

  score: (learned, _world, start, scale, totals) => {
    const sets = setsOf(start)
    for (const id of sets) {
      const popular = learned.get(id)
      if (!popular) continue
      for (let at = 0; at < popular.items.length; at++)
        totals[popular.items[at]!]! += (scale * popular.share[at]!) / sets.length
    }
  },
})
