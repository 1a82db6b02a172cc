import { signToken } from '../../src/auth/viewer.ts'
import { loadJourney } from '../../src/ingest/load.ts'
import { AFFINITIES_AFTER, PRICES, READ } from '../../src/operations/cost.ts'
import { type Bench, boughtProducts, quantile, time } from './bench.ts'

const ROUNDS = 40
const WARM_UP = 20
const MOST = 100

/** What root fields take over HTTP for one row and for a hundred, beside the prices that src/operations/cost.ts puts on them. */
export default async function cost({ graph, driver, startApp, dataDir, sample, row, note }: Bench): Promise<void> {
  await loadJourney(graph, { dataDir: dataDir ?? sample })
  const app = await startApp()
  await app.services.model.activate(await app.services.model.train())
  const products = (await boughtProducts(driver, 50)).map(({ productId }) => productId)
  const customers = (await graph.query('load/customer-ids', { after: '', limit: 1_000 })).map(({ id }) => id)
  const customer = (round: number) => JSON.stringify(customers[(round * 7) % customers.length])
  const product = (round: number) => JSON.stringify(products[(round * 7) % products.length])
  note(`${ROUNDS} runs after ${WARM_UP} to warm up, one in flight, for 1 row and for ${MOST}; a unit is a millisecond`)

  const token = await signToken({ role: 'ADMIN', subject: 'bench' }, app.tokens)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const ask = async (query: string) => {
    const answer = await fetch(`${app.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
    const { errors } = (await answer.json()) as { errors?: unknown }
    if (errors) throw new Error(JSON.stringify(errors))
  }
  let sent = 0
  const orders = (rows: number, round: number) =>
    Array.from({ length: rows }, () => {
      const lines = `[{ productId: ${product(round)}, quantity: 1, value: 1 }]`
      return `{ id: "bench-${sent++}", customerId: ${customer(round)}, placedAt: "2017-12-01T00:00:00Z", lines: ${lines} }`
    })
  const offers = 'items { score reason product { id name } evidence { kind contribution } }'
  const fields: [what: string, price: { base: number; row: number }, query: (rows: number, round: number) => string][] =
    [
      [
        'crossSell',
        PRICES['Query.crossSell']!,
        (n, r) => `{ crossSell(customerId: ${customer(r)}, first: ${n}) { ${offers} } }`,
      ],
      [
        'completeBasket',
        PRICES['Query.completeBasket']!,
        (n, r) => `{ completeBasket(productIds: [${product(r)}], first: ${n}) { ${offers} } }`,
      ],
      [
        'explain',
        PRICES['Query.explain']!,
        (_, r) => `{ explain(customerId: ${customer(r)}, productId: ${product(r)}) { score } }`,
      ],
      [
        'affinities',
        PRICES['Query.affinities']!,
        (n, r) => `{ affinities(productId: ${product(r)}, first: ${n}) { orders product { name } } }`,
      ],
      [
        'affinities BOUGHT_AFTER',
        AFFINITIES_AFTER,
        (n, r) =>
          `{ affinities(productId: ${product(r)}, kind: BOUGHT_AFTER, first: ${n}) { orders product { name } } }`,
      ],
      ['products', READ, (n) => `{ products(limit: ${n}) { id name price brand } }`],
      ['orders and their products', READ, (n) => `{ orders(limit: ${n}) { id value products(limit: 1) { id name } } }`],
      [
        'recordOrders',
        PRICES['Mutation.recordOrders']!,
        (n, r) => `mutation { recordOrders(orders: [${orders(Math.min(n, 50), r)}]) { accepted } }`,
      ],
    ]
  for (const [what, { base, row: each }, query] of fields) {
    const rounds = what.includes('AFTER') ? 3 : ROUNDS
    const warmUp = what.includes('AFTER') ? 0 : WARM_UP
    const one = quantile(await time((round) => ask(query(1, round)), rounds, warmUp), 0.5)
    const most = quantile(await time((round) => ask(query(MOST, round)), rounds, warmUp), 0.5)
    const rows = what === 'recordOrders' ? 50 : MOST
    const perRow = Math.max((most - one) / (rows - 1), 0)
    row({ what, 'base ms': round(one - perRow), price: base, 'row ms': round(perRow), 'row price': each })
  }
}

const round = (value: number) => Math.round(value * 1_000) / 1_000
