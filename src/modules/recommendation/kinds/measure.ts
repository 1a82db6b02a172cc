import { popularity, recentAndBefore } from '../../../engine/popular.ts'
import type { Parameters } from '../../model/parameters.ts'
import type { Data, Shelf, World } from './kind.ts'
import { TIMEOUT_MS } from './shelf.ts'

/** What a model measured of each product by itself. */
export type Measures = {
  /** 1 for what enough customers bought to be offered. */
  offered: Uint8Array
  /** The same as a list, ascending. */
  catalogue: Int32Array
  /** Distinct customers, ever, in the last days and in as many before them. */
  customers: Int32Array
  recent: Int32Array
  before: Int32Array
  /** Of the customers who bought anything, those who bought it lately, 0 to 1. */
  recentShare: Float64Array
  /** recent / before, smoothed; to a power it multiplies every contribution of the product. */
  trend: Float64Array
  /** The trend to each power that was asked for. */
  powers?: Map<number, Float64Array>
}

export function measure(data: Data, { minCustomers, trend, popular }: Parameters): Measures {
  const everyone = data.customers.keys()
  const about = { items: data.items.length, asOf: data.asOf, halfLifeDays: popular.halfLifeDays }
  const { customers } = popularity(data.lastBought, everyone, about)
  const { recent, before } = recentAndBefore(data.purchases, data.asOf, trend.days)
  const ratioOf = (item: number) => {
    const ratio = (recent[item]! + trend.smooth) / (before[item]! + trend.smooth)
    return Math.min(trend.high, Math.max(trend.low, ratio))
  }
  const offered = Uint8Array.from(customers, (count) => (count >= minCustomers ? 1 : 0))
  return {
    offered,
    catalogue: catalogueOf(offered),
    customers,
    recent,
    before,
    recentShare: Float64Array.from(recent, (count) => count / data.customers.length),
    trend: Float64Array.from(data.items.keys(), ratioOf),
  }
}

const catalogueOf = (offered: Uint8Array) => Int32Array.from(offered.keys()).filter((item) => offered[item])

/** The trend of every item to a power: the same for all questions, so raised once. */
export function trendTo(measures: Measures, power: number): Float64Array {
  measures.powers ??= new Map()
  const raised = measures.powers.get(power) ?? measures.trend.map((trend) => trend ** power)
  measures.powers.set(power, raised)
  return raised
}

export function writeMeasures({ catalogue, ...measures }: Measures, { items }: World, shelf: Shelf): Promise<number> {
  const { customers, recent, before, recentShare, trend } = measures
  const rows = Array.from(catalogue, (item) => ({
    productId: items[item]!,
    customers: customers[item]!,
    recent: recent[item]!,
    before: before[item]!,
    recentShare: recentShare[item]!,
    trend: trend[item]!,
  }))
  return shelf.write('model/write-measures', rows)
}

export async function readMeasures(
  { items, itemAt }: World,
  { graph, model }: Pick<Shelf, 'graph' | 'model'>,
): Promise<Measures> {
  const ints = () => new Int32Array(items.length)
  const measures = { offered: new Uint8Array(items.length), customers: ints(), recent: ints(), before: ints() }
  const recentShare = new Float64Array(items.length)
  const trend = new Float64Array(items.length).fill(1)
  for (const row of await graph.query('model/read-measures', { model }, { timeoutMs: TIMEOUT_MS })) {
    const item = itemAt.get(row.productId)
    if (item === undefined) continue
    measures.offered[item] = 1
    measures.customers[item] = row.customers
    measures.recent[item] = row.recent
    measures.before[item] = row.before
    recentShare[item] = row.recentShare
    trend[item] = row.trend
  }
  return { ...measures, catalogue: catalogueOf(measures.offered), recentShare, trend }
}
