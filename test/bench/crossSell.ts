import neo4j from 'neo4j-driver'
import { signToken } from '../../src/auth/viewer.ts'
import { STATEMENTS } from '../../src/graph/query.ts'
import { loadJourney } from '../../src/ingest/load.ts'
import { type Bench, seeded, summary, time } from './bench.ts'

const ROUNDS = 300
const WARM_UP = 300
const SEED = 7
const QUERY = `query ($id: ID!) { crossSell(customerId: $id, first: 10) {
  asOf items { rank score reason otherContribution product { id name price }
    evidence { kind contribution share reason path { label id name relationship direction } support { orders customers lift } } } } }`

/** crossSell(first: 10) with evidence and products over HTTP, beside its own statements over a raw Bolt session. */
export default async function crossSell({ graph, driver, startApp, dataDir, sample, row, note }: Bench): Promise<void> {
  await loadJourney(graph, { dataDir: dataDir ?? sample })
  const app = await startApp()
  const model = await app.services.model.train()
  await app.services.model.activate(model)
  const version = await app.services.model.serving(null)
  const customers = await someCustomers(graph, ROUNDS + WARM_UP)
  note(`${ROUNDS} customers drawn with seed ${SEED} after ${WARM_UP} to warm up; one in flight, then 16`)

  const token = await signToken({ role: 'MARKETER', subject: 'bench' }, app.tokens)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const ask = async (id: string) => {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: QUERY, variables: { id } }),
    })
    const answer = (await response.json()) as { errors?: unknown }
    if (answer.errors) throw new Error(JSON.stringify(answer.errors))
  }

  const text = (name: string) => STATEMENTS.get(name)!.text
  const nothing = {
    categories: null,
    excludeCategories: null,
    brands: null,
    excludeProducts: null,
    minPrice: null,
    maxPrice: null,
  }
  const asOf = neo4j.types.DateTime.fromStandardDate(new Date(version.asOf))
  const raw = async (customerId: string) => {
    const session = driver.session({ defaultAccessMode: 'READ' })
    try {
      await session.run(text('recommendation/subject'), { customerId, model: null })
      const { halfLifeDays } = version
      const learned = { model, asOf, halfLifeDays, includeOwned: false, ...nothing }
      const first = { first: neo4j.int(10), evidence: neo4j.int(3) }
      const offers = await session.run(text('recommendation/cross-sell'), { customerId, ...learned, ...first })
      const ids = offers.records.map((record) => record.get('productId'))
      await session.run('MATCH (p:Product) WHERE p.id IN $ids RETURN p.id, p.name, p.price', { ids })
    } finally {
      await session.close()
    }
  }

  const baseline = await time((round) => raw(customers[round]!), ROUNDS, WARM_UP)
  const ours = await time((round) => ask(customers[round]!), ROUNDS, WARM_UP)
  row(summary('its statements over raw Bolt, one in flight', baseline))
  row(summary('crossSell over HTTP, one in flight', ours, baseline))

  for (const [what, work] of [
    ['raw Bolt', raw],
    ['HTTP', ask],
  ] as const) {
    const started = performance.now()
    let next = 0
    const worker = async () => {
      while (next < ROUNDS) await work(customers[next++]!)
    }
    await Promise.all(Array.from({ length: 16 }, worker))
    const seconds = (performance.now() - started) / 1000
    row({ what: `${what}, 16 in flight`, runs: ROUNDS, 'a second': Math.round(ROUNDS / seconds) })
  }
}

async function someCustomers(graph: Bench['graph'], wanted: number): Promise<string[]> {
  const ids: string[] = []
  for (let after = ''; ; after = ids.at(-1)!) {
    const page = await graph.query('load/customer-ids', { after, limit: 1_000 })
    if (page.length === 0) break
    ids.push(...page.map(({ id }) => id))
  }
  const random = seeded(SEED)
  return Array.from({ length: wanted }, () => ids[Math.floor(random() * ids.length)]!)
}
