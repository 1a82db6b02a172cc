import type { Pairs, Totals } from '../../../engine/pairs.ts'
import type { Row, StatementName } from '../../../graph/query.ts'
import { NO_SUPPORT } from '../support.ts'
import type { Own, Shelf, World } from './kind.ts'
import { inParts } from './shelf.ts'

const PAGE = 1_000

type Facts = {
  fromId: string
  toId: string
  orders: number
  customers: number
  cosine: number
  support: number
  confidence: number
  lift: number
}

/** Learned pairs as the graph keeps them, with what api.md's "Counting" says of each. */
export function* pairRows(
  { pairs, totals }: { pairs: Pairs; totals: Totals },
  { items }: World,
): Generator<Facts & { at: number }> {
  for (const [item, fromId] of items.entries()) {
    for (let at = pairs.start[item]!; at < pairs.start[item + 1]!; at++) {
      const other = pairs.to[at]!
      const orders = pairs.both[at]!
      yield {
        at,
        fromId,
        toId: items[other]!,
        orders,
        customers: pairs.customers[at]!,
        cosine: pairs.cosine[at]!,
        support: orders / totals.units,
        confidence: orders / totals.from[item]!,
        lift: (orders * totals.units) / (totals.from[item]! * totals.to[other]!),
      }
    }
  }
}

/** What scoring needs of pairs: those of item i from start[i] to start[i + 1]. */
export type Links = { start: Int32Array; to: Int32Array; cosine: Float64Array; medianDays: Float64Array }

type Reads = Extract<StatementName, 'model/read-bought-with' | 'model/read-bought-after'>

export async function readLinks(
  statement: Reads,
  { items, itemAt }: World,
  { graph, model }: Pick<Shelf, 'graph' | 'model'>,
): Promise<Links> {
  const start = [0]
  const to: number[] = []
  const cosine: number[] = []
  const medianDays: number[] = []
  for (const productIds of inParts(items, PAGE)) {
    const rows = new Map((await graph.query(statement, { model, productIds })).map((row) => [row.productId, row]))
    for (const id of productIds) {
      const row: Row<Reads> | undefined = rows.get(id)
      for (const [at, toId] of (row?.toIds ?? []).entries()) {
        const other = itemAt.get(toId)
        if (other === undefined) continue
        to.push(other)
        cosine.push(row!.cosines[at]!)
        medianDays.push(row!.medianDays[at] ?? 0)
      }
      start.push(to.length)
    }
  }
  return {
    start: Int32Array.from(start),
    to: Int32Array.from(to),
    cosine: Float64Array.from(cosine),
    medianDays: Float64Array.from(medianDays),
  }
}

type Numbers = Omit<Facts, 'fromId' | 'toId'>

/** Of one entry of lists that go side by side. */
export const supportOf = (row: { [K in keyof Numbers]: number[] }, at: number) => ({
  ...NO_SUPPORT,
  orders: row.orders[at]!,
  customers: row.customers[at]!,
  support: row.support[at]!,
  confidence: row.confidence[at]!,
  lift: row.lift[at]!,
  cosine: row.cosine[at]!,
})

export const byId = (own: readonly Own[]) => new Map(own.map((one) => [one.id, one]))
