import { signToken } from '../../src/auth/viewer.ts'
import type { Graph } from '../../src/graph/query.ts'
import { loadJourney } from '../../src/ingest/load.ts'
import { type Bench, seeded, summary, time } from './bench.ts'

const ROUNDS = 300
const WARM_UP = 100
const SEED = 11
const QUERY = `query ($ids: [ID!]!) { completeBasket(productIds: $ids, first: 10) {
  items { rank score reason otherContribution product { id name price } evidence { kind contribution reason } } } }`

/** completeBasket of five products over HTTP, beside its own scoring statement through the same graph access. */
export default async function completeBasket({ graph, startApp, dataDir, sample, row, note }: Bench): Promise<void> {
  await loadJourney(graph, { dataDir: dataDir ?? sample })
  const app = await startApp()
  const model = await app.services.model.train()
  await app.services.model.activate(model)
  const baskets = await someBaskets(graph, ROUNDS + WARM_UP)
  note(`${ROUNDS} baskets of 5 products drawn with seed ${SEED}, after ${WARM_UP} to warm up; one in flight`)

  const nothing = { customerId: null, categories: null, excludeCategories: null, brands: null, excludeProducts: null }
  const limits = { minPrice: null, maxPrice: null, includeOwned: true, first: 10, evidence: 3 }
  const statement = (productIds: string[]) =>
    graph.query('recommendation/complete-basket', { productIds, model, ...nothing, ...limits })
  const token = await signToken({ role: 'STOREFRONT', subject: 'bench' }, app.tokens)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const ask = async (ids: string[]) => {
    const body = JSON.stringify({ query: QUERY, variables: { ids } })
    const answer = (await (await fetch(`${app.url}/graphql`, { method: 'POST', headers, body })).json()) as {
      errors?: unknown
    }
    if (answer.errors) throw new Error(JSON.stringify(answer.errors))
  }
  const baseline = await time((round) => statement(baskets[round]!), ROUNDS, WARM_UP)
  row(summary('its scoring statement alone', baseline))
  row(summary('completeBasket over HTTP', await time((round) => ask(baskets[round]!), ROUNDS, WARM_UP), baseline))
}

async function someBaskets(graph: Graph, wanted: number): Promise<string[][]> {
  const items = await graph.query('model/item-counts', { until: new Date('2100-01-01'), minOrders: 50 })
  const random = seeded(SEED)
  const product = () => items[Math.floor(random() * items.length)]!.productId
  return Array.from({ length: wanted }, () => Array.from({ length: 5 }, product))
}
