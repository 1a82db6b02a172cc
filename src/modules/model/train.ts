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
      graph.query('model/item-counts', { until: before, minOrders: PARAMETERS.minOrders }, { timeoutMs: 600_000 }),
      graph.query('model/order-count', { until: before }),
    ])
    const total = orders?.orders ?? 0
    const counts = new Map(items.map(({ productId, orders }) => [productId, orders]))
    let relationships = 0
    for (let at = 0; at < items.length; at += BATCH) {
      const productIds = items.slice(at, at + BATCH).map(({ productId }) => productId)
      const { minOrders, minCustomers, neighbours } = PARAMETERS
      const learned = await graph.query(
        'model/train-bought-with',
        {
          model: id,
          productIds,
          counts: Object.fromEntries(counts),
          total,
          until: before,
          minOrders,
          minCustomers,
          neighbours,
        },
        { timeoutMs: 600_000 },
      )
      relationships += learned?.relationships ?? 0
      const done = Math.min(at + BATCH, items.length)
      await graph.query('model/progress', { id, progress: done / items.length })
      onProgress({ done, total: items.length })
    }
    const metrics = { orders: total, products: items.length, relationships, seconds: (Date.now() - started) / 1000 }
    await graph.query('model/finish', { id, status: 'READY', metrics })
    return id
  } catch (error) {
    await forget(graph, id).catch(() => {})
    await graph.query('model/finish', { id, status: 'FAILED', metrics: {} }).catch(() => {})
    throw error
  }
}

const FORGET_BATCH = 10_000
async function forget(graph: Graph, model: string): Promise<void> {
  while (
    ((await graph.query('model/forget-bought-with', { model, limit: FORGET_BATCH }))?.deleted ?? 0) === FORGET_BATCH
  );
}
