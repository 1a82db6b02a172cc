import { seeded } from '../../src/random.ts'
import type { TestApp } from './app.ts'
import { cypher } from './graph.ts'
import { day, line, record, type TestLine, type TestOrder, type TestProduct } from './shop.ts'

export type TestView = { id: string; customerId: string; productId: string; at: string }
export type TestCustomer = { id: string; age?: string; income?: string; householdSize?: string }
export type TestInteraction = { id: string; customerId: string; campaignId: string; type: string; at: string }
export type Market = {
  orders: TestOrder[]
  products: TestProduct[]
  customers: TestCustomer[]
  views: TestView[]
  interactions: TestInteraction[]
}

export const LAST_DAY = 100
const CUSTOMERS = 26
const PRODUCTS = 18

export const two = (n: number) => String(n).padStart(2, '0')

/**
 * A shop with everything there is: tastes, so that nobody owns everything; orders at one moment, lines that hold nothing, views, groups
 * and campaigns, one of each with too few customers; p15 has no type, p16 is no longer sold, p17 is no merchandise. n-age and n-none
 * have bought nothing, n-view only looked.
 */
export function market(seed = 6): Market {
  const next = seeded(seed)
  const below = (limit: number) => Math.floor(next() * limit)
  const orders: TestOrder[] = []
  for (let customer = 0; customer < CUSTOMERS; customer++) {
    for (let at = 0; at < 8; at++) {
      const lines: TestLine[] = []
      for (let n = 2 + below(4); n > 0; n--) {
        const product = Math.floor(customer * 0.7 + next() ** 1.3 * 7) % PRODUCTS
        lines.push(line(`p${two(product)}`, next() < 0.06 ? 0 : 1, next() < 0.06 ? 0 : 1 + below(9)))
      }
      // Few moments for many orders: now and then a customer has two at once.
      const placedAt = day(1 + below(LAST_DAY / 3) * 3, next() < 0.5 ? '08:30:00.000' : '17:15:30.250')
      orders.push({ id: `o${two(customer)}-${at}`, customerId: `c${two(customer)}`, placedAt, lines })
    }
  }
  orders.push({ id: 'o-last', customerId: 'c00', placedAt: day(LAST_DAY, '20:00:00.000'), lines: [line('p00')] })

  const customers: TestCustomer[] = Array.from({ length: CUSTOMERS }, (_, n) => ({
    id: `c${two(n)}`,
    age: n === 25 ? '65+' : n < 10 ? '25-34' : '45-54',
    ...(n % 2 ? { income: n % 4 === 1 ? '35-49K' : '50-74K' } : {}),
  }))
  customers.push({ id: 'n-age', age: '25-34', income: '35-49K' }, { id: 'n-none' }, { id: 'n-view' })

  const views = Array.from({ length: 40 }, (_, n) => ({
    id: `v${n}`,
    customerId: `c${two(below(8))}`,
    productId: `p${two(below(PRODUCTS))}`,
    at: day(1 + below(LAST_DAY), '09:00:00.000'),
  }))
  views.push({ id: 'v-new', customerId: 'n-view', productId: 'p03', at: day(90) })

  const responded = (campaignId: string, among: number[], type: string) =>
    among.map((n) => ({ id: `${campaignId}-${n}`, customerId: `c${two(n)}`, campaignId, type, at: day(40 + n) }))
  const interactions = [
    ...responded('spring', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 'CLICKED'),
    ...responded('autumn', [5, 6, 7, 8, 9, 10, 11, 12], 'REDEEMED'),
    ...responded('quiet', [0, 6, 20], 'CONVERTED'),
    { id: 'sent', customerId: 'c24', campaignId: 'spring', type: 'SENT', at: day(41) },
  ]
  return { orders, products: describe(), customers, views, interactions }
}

function describe(): TestProduct[] {
  return Array.from({ length: PRODUCTS }, (_, n) => ({
    id: `p${two(n)}`,
    name: `Product ${two(n)}`,
    brand: n % 2 ? 'Private' : 'National',
    ...(n === 17 ? {} : { department: n < 9 ? 'GROCERY' : 'DRUG GM' }),
    ...(n === 15 || n === 17 ? {} : { category: n < 9 ? 'PASTA' : 'SOAP', type: `TYPE ${n % 3}` }),
    price: n,
    active: n !== 16,
  }))
}

const RESULT = '{ accepted duplicates rejected { index id code message } }'
const MUTATIONS = {
  products: `mutation ($products: [ProductInput!]!) { upsertProducts(products: $products) ${RESULT} }`,
  customers: `mutation ($customers: [CustomerInput!]!) { upsertCustomers(customers: $customers) ${RESULT} }`,
  views: `mutation ($views: [ViewInput!]!) { recordViews(views: $views) ${RESULT} }`,
  interactions: `mutation ($interactions: [InteractionInput!]!) { recordInteractions(interactions: $interactions) ${RESULT} }`,
}

/** Through the public API, as a shop would; what is rejected fails the test. */
export async function tell(app: TestApp, what: Partial<Market>): Promise<void> {
  // There is no public way yet to make a campaign.
  const campaigns = [...new Set(what.interactions?.map(({ campaignId }) => campaignId))]
  await cypher(
    app.driver,
    'UNWIND $campaigns AS id MERGE (c:Campaign {id: id}) SET c.name = "Campaign " + id, c.startsAt = datetime($at)',
    { campaigns, at: day(1) },
  )
  if (what.orders) refuseRejected(await record(app, what.orders))
  for (const name of ['products', 'customers', 'views', 'interactions'] as const) {
    if (!what[name]) continue
    const answer = await app.data(MUTATIONS[name], { role: 'INGEST', variables: { [name]: what[name] } })
    refuseRejected(Object.values(answer)[0] as { rejected: unknown[] })
  }
}

function refuseRejected({ rejected }: { rejected: unknown[] }): void {
  if (rejected.length > 0) throw new Error(`Rejected: ${JSON.stringify(rejected.slice(0, 3))}`)
}
