import { signToken } from '../../src/auth/viewer.ts'
import { loadJourney } from '../../src/ingest/load.ts'
import { seeded } from '../../src/random.ts'
import { type Bench, boughtProducts, summary, time } from './bench.ts'

const ROUNDS = 300
const WARM_UP = 100
const SEED = 11
const QUERY = `query ($ids: [ID!]!, $customer: ID) { completeBasket(productIds: $ids, customerId: $customer, first: 10) {
  items { rank score reason otherContribution product { id name price } evidence { kind contribution reason } } } }`

/** completeBasket of five products for a customer over HTTP, beside the read of what this customer bought. */
export default async function completeBasket({
  graph,
  driver,
  startApp,
  dataDir,
  sample,
  row,
  note,
}: Bench): Promise<void> {
  await loadJourney(graph, { dataDir: dataDir ?? sample })
  const app = await startApp()
  await app.services.model.activate(await app.services.model.train())
  const random = seeded(SEED)
  const some = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)]!
  const products = await boughtProducts(driver, 50)
  const customers = (await graph.query('load/customer-ids', { after: '', limit: 10_000 })).map(({ id }) => id)
  const asked = Array.from({ length: ROUNDS + WARM_UP }, () => ({
    customer: some(customers),
    ids: Array.from({ length: 5 }, () => some(products).productId),
  }))
  note(
    `${ROUNDS} baskets of 5 products and a customer drawn with seed ${SEED}, after ${WARM_UP} to warm up; one in flight`,
  )

  const token = await signToken({ role: 'STOREFRONT', subject: 'bench' }, app.tokens)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const ask = async (variables: object) => {
    const body = JSON.stringify({ query: QUERY, variables })
    const answer = (await (await fetch(`${app.url}/graphql`, { method: 'POST', headers, body })).json()) as {
      errors?: unknown
    }
    if (answer.errors) throw new Error(JSON.stringify(answer.errors))
  }
  const subject = ({ customer }: { customer: string }) =>
    graph.query('recommendation/subject', { kept: 0, language: 'EN', customerId: customer })
  const baseline = await time((round) => subject(asked[round]!), ROUNDS, WARM_UP)
  row(summary('reading what the customer bought', baseline))
  row(summary('completeBasket over HTTP', await time((round) => ask(asked[round]!), ROUNDS, WARM_UP), baseline))
}
