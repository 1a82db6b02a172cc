import { loadJourney } from '../../src/ingest/load.ts'
import { type Bench, boughtProducts, summary, time } from './bench.ts'

const PRODUCTS = 20

/** Affinities counted live, of the most and of middling bought products; the baseline is a read of as many orders' lines. */
export default async function affinities({ graph, driver, dataDir, sample, row, note }: Bench): Promise<void> {
  await loadJourney(graph, { dataDir: dataDir ?? sample })
  const byOrders = await boughtProducts(driver, 5)
  const classes = { 'the most bought': byOrders.slice(0, PRODUCTS), middling: byOrders.slice(1_000, 1_000 + PRODUCTS) }
  const lines = 'MATCH (:Product {id: $id})<-[:CONTAINS]-(:Order)-[r:CONTAINS]->() RETURN count(r) AS lines'
  for (const [what, products] of Object.entries(classes)) {
    note(`${what}: ${PRODUCTS} products in ${products.at(-1)?.orders} to ${products[0]?.orders} orders`)
    const ids = products.map(({ productId }) => productId)
    const baseline = await time(
      (round) => driver.executeQuery(lines, { id: ids[round % ids.length] }),
      PRODUCTS,
      PRODUCTS,
    )
    row(summary(`${what}: reading the lines of its orders`, baseline))
    const ask = (round: number) => ({ productId: ids[round % ids.length]!, first: 10, minOrders: 1, minCustomers: 1 })
    const live = await time((round) => graph.query('recommendation/affinities-with', ask(round)), PRODUCTS, 3)
    row(summary(`${what}: BOUGHT_WITH`, live, baseline))
    const options = { timeoutMs: 300_000 }
    const after = await time((round) => graph.query('recommendation/affinities-after', ask(round), options), 3, 0)
    row(summary(`${what}: BOUGHT_AFTER`, after, baseline))
  }
}
