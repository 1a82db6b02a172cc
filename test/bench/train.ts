import { loadJourney } from '../../src/ingest/load.ts'
import { createModelService } from '../../src/modules/model/model.service.ts'
import { type Bench, summary } from './bench.ts'

/** Training BOUGHT_WITH, beside the bare counting of the same pairs by one statement after the other without writing. */
export default async function train({ graph, dataDir, sample, row, note }: Bench): Promise<void> {
  await loadJourney(graph, { dataDir: dataDir ?? sample })
  const models = createModelService({ graph })
  const started = performance.now()
  const id = await models.train()
  const took = [performance.now() - started]
  const model = (await models.list(1))[0]!
  note(`Trained ${id}: ${JSON.stringify(model.metrics)}`)

  const until = new Date('2100-01-01')
  const items = await graph.query('model/item-counts', { until, minOrders: 5 })
  const counts = Object.fromEntries(items.map(({ productId, orders }) => [productId, orders]))
  const floor = { minOrders: 5, minCustomers: 3, neighbours: 50 }
  const baselineStarted = performance.now()
  for (let at = 0; at < items.length; at += 200) {
    const productIds = items.slice(at, at + 200).map(({ productId }) => productId)
    await graph.query('model/count-bought-with', { productIds, counts, until, ...floor }, { timeoutMs: 600_000 })
  }
  const baseline = [performance.now() - baselineStarted]
  row(summary('counting alone, one statement at a time', baseline))
  row(summary('training BOUGHT_WITH', took, baseline))
}
