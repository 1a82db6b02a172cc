import { DomainError } from '../../errors.ts'
import type { Graph } from '../../graph/query.ts'

export type TrainingOptions = {
  /** Learn only from orders placed before this instant. Default: all. */
  until?: Date
}
export type TrainingProgress = { done: number; total: number }

/** Stored with the model and shown by `models`. */
export const PARAMETERS = {
  /** Pairs in fewer orders, or of fewer customers, say nothing: cosine loves rare pairs. */
  minOrders: 5,
  minCustomers: 3,
  /** Learned relationships a product, the most alike first. */
  neighbours: 50,
  /** A purchase this many days before asOf counts half. */
  halfLifeDays: 120,
}
const WEIGHTS = { BOUGHT_WITH: 1 }
const BATCH = 200
const TIMEOUT_MS = 600_000
const DAY_MS = 86_400_000

export async function trainBoughtWith(
  graph: Graph,
  { until }: TrainingOptions,
  onProgress: (progress: TrainingProgress) => void,
): Promise<string> {
  const started = Date.now()
  const latest = (await graph.query('model/data-until', { until: until ?? null }))?.latest
  if (!latest)
    throw new DomainError('CONFLICT', 'There are no orders to learn from. Load some first: npm run load -- --data DIR')
  const asOf = new Date(Math.floor(Date.parse(latest) / DAY_MS) * DAY_MS)
  const before = until ?? new Date(Date.parse(latest) + 1)

  const id = `m-${new Date(started).toISOString().replace(/\D/g, '').slice(0, 14)}-${crypto.randomUUID().slice(0, 4)}`
  await graph.query('model/create', { id, asOf, parameters: PARAMETERS, weights: WEIGHTS })
  try {
    const [items, orders] = await Promise.all([
      graph.query('model/item-counts', { until: before, minOrders: PARAMETERS.minOrders }, { timeoutMs: TIMEOUT_MS }),
      graph.query('model/order-count', { until: before }),
    ])
    const total = orders?.orders ?? 0
    const counts = new Map(items.map(({ productId, orders }) => [productId, orders]))
    const relationships = await learn(graph, { model: id, before, total, counts }, onProgress)
    const metrics = { orders: total, products: items.length, relationships, seconds: (Date.now() - started) / 1000 }
    await graph.query('model/finish', { id, status: 'READY', metrics })
    return id
  } catch (error) {
    await forget(graph, id).catch(() => {})
    await graph.query('model/finish', { id, status: 'FAILED', metrics: {} }).catch(() => {})
    throw error
  }
}

type Learning = { model: string; before: Date; total: number; counts: ReadonlyMap<string, number> }

/** Counts on both cores at once; writes one after the other, since they touch the same products. */
async function learn(
  graph: Graph,
  { model, before, total, counts }: Learning,
  onProgress: (progress: TrainingProgress) => void,
): Promise<number> {
  const { minOrders, minCustomers, neighbours } = PARAMETERS
  const products = [...counts.keys()]
  const shared = { counts: Object.fromEntries(counts), until: before, minOrders, minCustomers, neighbours }
  let next = 0
  let done = 0
  let relationships = 0
  let writing: Promise<unknown> = Promise.resolve()

  async function work(): Promise<void> {
    while (next < products.length) {
      const productIds = products.slice(next, next + BATCH)
      next += BATCH
      const pairs = await graph.query('model/count-bought-with', { productIds, ...shared }, { timeoutMs: TIMEOUT_MS })
      const rows = pairs.map((pair) => {
        const [from, to] = [counts.get(pair.fromId)!, counts.get(pair.toId)!]
        return {
          ...pair,
          support: pair.orders / total,
          confidence: pair.orders / from,
          lift: (pair.orders * total) / (from * to),
        }
      })
      writing = writing.then(() => graph.query('model/write-bought-with', { model, rows }, { timeoutMs: TIMEOUT_MS }))
      await writing
      relationships += rows.length
      done += productIds.length
      await graph.query('model/progress', { id: model, progress: done / products.length })
      onProgress({ done, total: products.length })
    }
  }
  await Promise.all([work(), work()])
  return relationships
}

const FORGET_BATCH = 10_000
async function forget(graph: Graph, model: string): Promise<void> {
  while (
    ((await graph.query('model/forget-bought-with', { model, limit: FORGET_BATCH }))?.deleted ?? 0) === FORGET_BATCH
  );
}
