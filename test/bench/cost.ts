import { type Role, signToken } from '../../src/auth/viewer.ts'
import { loadJourney } from '../../src/ingest/load.ts'
import { AFFINITIES_AFTER, PRICES, READ, SCAN } from '../../src/operations/cost.ts'
import { type Bench, boughtProducts, quantile, time } from './bench.ts'

const ROUNDS = 20
const WARM_UP = 5
const MOST = 100

type Price = { base: number; row: number }
/** The operation that asks for, or writes, so many rows. */
type Query = (rows: number, round: number) => string

/** What root fields take over HTTP for one row and for a hundred, beside the prices that src/operations/cost.ts puts on them. */
export default async function cost({ graph, driver, startApp, dataDir, sample, row, note }: Bench): Promise<void> {
  await loadJourney(graph, { dataDir: dataDir ?? sample })
  const app = await startApp({ RATE_LIMIT: '0' })
  await app.services.model.activate(await app.services.model.train())
  const products = (await boughtProducts(driver, 50)).map(({ productId }) => productId)
  const customers = (await graph.query('load/customer-ids', { after: '', limit: 1_000 })).map(({ id }) => id)
  const [campaign] = (await driver.executeQuery('MATCH (c:Campaign) RETURN c.id AS id LIMIT 1')).records
  note(
    `medians of ${ROUNDS} runs after ${WARM_UP} to warm up, one in flight, for 1 row and for ${MOST}; a unit is a millisecond`,
  )

  const headersOf = async (role: Role) => ({
    'content-type': 'application/json',
    authorization: `Bearer ${await signToken({ role, subject: 'bench' }, app.tokens)}`,
  })
  const headers = { ADMIN: await headersOf('ADMIN'), PRIVACY_OFFICER: await headersOf('PRIVACY_OFFICER') }
  async function ask(query: string): Promise<void> {
    const role = query.includes('Contact') ? 'PRIVACY_OFFICER' : 'ADMIN'
    const body = JSON.stringify({ query })
    const answer = await fetch(`${app.url}/graphql`, { method: 'POST', headers: headers[role], body })
    const { errors, data } = (await answer.json()) as { errors?: unknown; data: object }
    const rejected = JSON.stringify(data).includes('"index"')
    if (errors || rejected) throw new Error(JSON.stringify(errors ?? data).slice(0, 1_000))
  }

  const customer = (at: number) => JSON.stringify(customers[(at * 7) % customers.length])
  const product = (at: number) => JSON.stringify(products[(at * 7) % products.length])
  let sent = 0
  const written =
    (field: string, item: (id: string, at: number) => string): Query =>
    (rows) => {
      const items = Array.from({ length: rows }, () => item(`"bench-${sent}"`, sent++))
      return `mutation { ${field}(${ARGUMENTS[field]}: [${items.join(' ')}]) { accepted rejected { index message } } }`
    }
  const at = 'at: "2017-12-01T00:00:00Z"'
  const offers = 'items { score reason product { id name } evidence { kind contribution } }'
  const fields: Record<string, Query> = {
    me: () => '{ me { role } }',
    crossSell: (n, r) => `{ crossSell(customerId: ${customer(r)}, first: ${n}) { ${offers} } }`,
    completeBasket: (n, r) =>
      `{ completeBasket(productIds: [${product(r)} ${product(r + 1)}], first: ${n}) { ${offers} } }`,
    'completeBasket for a customer': (n, r) =>
      `{ completeBasket(productIds: [${product(r)} ${product(r + 1)}], customerId: ${customer(r)}, first: ${n}) { ${offers} } }`,
    explain: (_, r) => `{ explain(customerId: ${customer(r)}, productId: ${product(r)}) { score evidence { kind } } }`,
    affinities: (n, r) => `{ affinities(productId: ${product(r)}, first: ${n}) { orders product { name } } }`,
    product: (_, r) => `{ product(id: ${product(r)}) { id name } }`,
    customer: (_, r) => `{ customer(id: ${customer(r)}) { id age } }`,
    customersByContact: () => '{ customersByContact(email: "nobody@example.com") { id } }',
    models: () => '{ models { id status } }',
    products: (n) => `{ products(limit: ${n}) { id name price brand } }`,
    categories: (n) => `{ categories(limit: ${n}) { id name } }`,
    customers: (n) => `{ customers(limit: ${n}) { id age } }`,
    orders: (n) => `{ orders(limit: ${n}) { id value } }`,
    'orders and 20 products of each': (n) => `{ orders(limit: ${n}) { id products(limit: 20) { id name } } }`,
    'products whose name contains a word': (n) =>
      `{ products(limit: ${n}, where: { name: { contains: "WHITE BREAD" } }, sort: { name: ASC }) { id name } }`,
    'orders by their value': (n) => `{ orders(limit: ${n}, sort: { value: DESC }) { id value } }`,
    recordOrders: written(
      'recordOrders',
      (id, n) =>
        `{ id: ${id} customerId: ${customer(n)} placedAt: "2017-12-01T00:00:00Z" lines: [{ productId: ${product(n)} quantity: 1 value: 1 }] }`,
    ),
    recordViews: written(
      'recordViews',
      (id, n) => `{ id: ${id} customerId: ${customer(n)} productId: ${product(n)} ${at} }`,
    ),
    recordInteractions: written(
      'recordInteractions',
      (id, n) =>
        `{ id: ${id} customerId: ${customer(n)} campaignId: ${JSON.stringify(campaign!.get('id'))} type: OPENED ${at} }`,
    ),
    upsertProducts: written('upsertProducts', (id) => `{ id: ${id} name: "A product of the bench" price: 1 }`),
    upsertCustomers: written('upsertCustomers', (id) => `{ id: ${id} age: "25-34" name: "Somebody" }`),
    'affinities BOUGHT_AFTER': (n, r) =>
      `{ affinities(productId: ${product(r)}, kind: BOUGHT_AFTER, first: ${n}) { orders product { name } } }`,
  }
  for (const [what, query] of Object.entries(fields)) {
    const slow = what.includes('AFTER')
    const rows = query(1, 0).startsWith('mutation') ? 50 : MOST
    const took = async (count: number) =>
      quantile(await time((n) => ask(query(count, n)), slow ? 3 : ROUNDS, slow ? 0 : WARM_UP), 0.5)
    try {
      const one = await took(1)
      const perRow = Math.max((await took(rows)) - one, 0) / (rows - 1)
      const scans = /contains|sort/.test(query(1, 0))
      const price = slow ? AFFINITIES_AFTER : scans ? SCAN : priceOf(what.split(' ')[0]!)
      row({ what, 'base ms': round(one - perRow), price: price.base, 'row ms': round(perRow), 'row price': price.row })
    } catch (error) {
      // As a rule the limit of 30 s, on cores that others use.
      note(`${what}: ${(error as Error).message}`)
    }
  }
}

const ARGUMENTS: Record<string, string> = {
  recordOrders: 'orders',
  recordViews: 'views',
  recordInteractions: 'interactions',
  upsertProducts: 'products',
  upsertCustomers: 'customers',
}
const priceOf = (field: string): Price => PRICES[`Query.${field}`] ?? PRICES[`Mutation.${field}`] ?? READ
const round = (value: number) => Math.round(value * 1_000) / 1_000
