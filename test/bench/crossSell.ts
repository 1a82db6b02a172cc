import type { Driver } from 'neo4j-driver'
import { signToken } from '../../src/auth/viewer.ts'
import { allPages } from '../../src/graph/pages.ts'
import { createGraph } from '../../src/graph/query.ts'
import { loadJourney } from '../../src/ingest/load.ts'
import { createModelService } from '../../src/modules/model/model.service.ts'
import { createRecommendationService } from '../../src/modules/recommendation/recommendation.service.ts'
import { createTrainer } from '../../src/modules/recommendation/trainer.ts'
import { seeded } from '../../src/random.ts'
import { createThreads } from '../../src/threads/pool.ts'
import { type Bench, summary, time } from './bench.ts'

const ROUNDS = 300
const WARM_UP = 300
const SEED = 7
const QUERY = `query ($id: ID!) { crossSell(customerId: $id, first: 10) {
  asOf items { rank score reason otherContribution product { id name price }
    evidence { kind contribution share reason path { label id name relationship direction } support { orders customers lift } } } } }`

/** crossSell(first: 10) with evidence and products over HTTP, of all kinds and of BOUGHT_WITH alone, beside its own statements over a raw Bolt session. */
export default async function crossSell(bench: Bench): Promise<void> {
  const { graph, startApp, dataDir, sample, note } = bench
  await loadJourney(graph, { dataDir: dataDir ?? sample })
  const app = await startApp({ SNAPSHOTS: 'off' })
  const customers = await someCustomers(graph, ROUNDS + WARM_UP)
  note(`${ROUNDS} customers drawn with seed ${SEED} after ${WARM_UP} to warm up; one in flight, then 16`)
  const token = await signToken({ role: 'MARKETER', subject: 'bench' }, app.tokens)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const ask = async (id: string) => {
    const body = JSON.stringify({ query: QUERY, variables: { id } })
    const answer = (await (await fetch(`${app.url}/graphql`, { method: 'POST', headers, body })).json()) as {
      errors?: unknown
    }
    if (answer.errors) throw new Error(JSON.stringify(answer.errors))
  }
  for (const kinds of [undefined, ['BOUGHT_WITH']]) {
    await app.services.model.activate(await app.services.model.train(kinds ? { kinds } : {}))
    await measure(bench, kinds?.join() ?? 'all kinds', customers, ask)
  }
}

async function measure(
  { driver, neo4j, row }: Bench,
  what: string,
  customers: string[],
  ask: (id: string) => Promise<void>,
): Promise<void> {
  const statements = await recordStatements(driver, neo4j, customers)
  const raw = async (customerId: string) => {
    const session = driver.session({ defaultAccessMode: 'READ' })
    try {
      for (const { text, params } of statements.get(customerId)!) await session.run(text, params)
    } finally {
      await session.close()
    }
  }
  const baseline = await time((round) => raw(customers[round]!), ROUNDS, WARM_UP)
  const ours = await time((round) => ask(customers[round]!), ROUNDS, WARM_UP)
  row(summary(`${what}: its statements over raw Bolt, one in flight`, baseline))
  row(summary(`${what}: crossSell over HTTP, one in flight`, ours, baseline))
  for (const [way, work] of [
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
    row({ what: `${what}: ${way}, 16 in flight`, runs: ROUNDS, 'a second': Math.round(ROUNDS / seconds) })
  }
}

type Said = { text: string; params: object }

/** What the service says to Neo4j for each customer: what is selected of a product is among it. */
async function recordStatements(driver: Driver, neo4j: Bench['neo4j'], customers: string[]) {
  const said = new Map<string, Said[]>()
  let now: Said[] = []
  const graph = createGraph(listening(driver, (one) => now.push(one)))
  const threads = createThreads(neo4j)
  try {
    const models = createModelService({ graph, trainer: createTrainer(graph, threads.train) })
    const service = createRecommendationService({ graph, models, rank: threads.rank, without: threads.without })
    for (const customerId of customers) {
      if (said.has(customerId)) continue
      now = []
      await service.crossSell({ customerId, first: 10, evidence: 3 }, new AbortController().signal)
      said.set(customerId, now)
    }
  } finally {
    await threads.stop()
  }
  return said
}

/** The driver, with an ear on every statement of its read transactions. */
function listening(driver: Driver, hear: (said: Said) => void): Driver {
  type Work = (tx: { run(text: string, params: object): unknown }) => unknown
  const session = (config: object) => {
    const real = driver.session(config)
    const executeRead = (work: Work, options: object) =>
      real.executeRead((tx) => {
        const run = (text: string, params: object) => {
          hear({ text, params })
          return tx.run(text, params)
        }
        return work({ run }) as Promise<unknown>
      }, options)
    return { executeRead, close: () => real.close() }
  }
  return { session, executeQueryBookmarkManager: driver.executeQueryBookmarkManager } as unknown as Driver
}

async function someCustomers(graph: Bench['graph'], wanted: number): Promise<string[]> {
  const rows = await allPages((after, limit) => graph.query('load/customer-ids', { after, limit }))
  const random = seeded(SEED)
  return Array.from({ length: wanted }, () => rows[Math.floor(random() * rows.length)]!.id)
}
