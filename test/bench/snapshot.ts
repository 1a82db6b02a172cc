import { signToken } from '../../src/auth/viewer.ts'
import { allPages } from '../../src/graph/pages.ts'
import { STATEMENTS } from '../../src/graph/query.ts'
import { loadJourney } from '../../src/ingest/load.ts'
import { seeded } from '../../src/random.ts'
import { type Bench, quantile, summary, time } from './bench.ts'

const ROUNDS = 500
const COMPARED = 500
const SEED = 7
const QUERY = `query ($id: ID!) { crossSell(customerId: $id, first: 10) {
  source asOf items { rank score reason otherContribution product { id name price }
    evidence { kind contribution share reason path { label id name relationship direction } support { orders customers lift } } } } }`

type Answer = { source: string; items: { score: number; product: { id: string } }[] }

/** Kept offers: building them beside queries, reading them beside their statement over a raw Bolt session, and taking a model back. */
export default async function snapshot({ graph, driver, startApp, dataDir, sample, row, note }: Bench): Promise<void> {
  await loadJourney(graph, { dataDir: dataDir ?? sample })
  // Read one instance's answers while nothing is kept, with the other's afterwards.
  const live = await startApp({ SNAPSHOTS: 'off', RATE_LIMIT: '0' })
  await live.services.model.activate(await live.services.model.train())
  const customers = await someCustomers(graph)
  const token = await signToken({ role: 'ADMIN', subject: 'bench' }, live.tokens)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const asking =
    ({ url }: { url: string }) =>
    async (query: string, variables: object = {}) => {
      const body = JSON.stringify({ query, variables })
      const answer = (await (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json()) as {
        data: {
          crossSell: Answer
          models: { status: string; snapshotProgress: number | null }[]
          rollbackModel: { id: string }
        }
        errors?: unknown
      }
      if (answer.errors) throw new Error(JSON.stringify(answer.errors))
      return answer.data
    }
  const computed = asking(live)
  const idle = await time((round) => computed(QUERY, { id: customers[round % customers.length] }), ROUNDS, 100)
  row(summary('computed when asked, one in flight, nothing else to do', idle))

  const app = await startApp({ RATE_LIMIT: '0' })
  const ask = asking(app)
  const built = async () =>
    (await ask('{ models { status snapshotProgress } }')).models.find(({ status }) => status === 'ACTIVE')!
      .snapshotProgress === 1
  const started = performance.now()
  const beside: number[] = []
  while (!(await built())) {
    const asked = performance.now()
    await computed(QUERY, { id: customers[beside.length % customers.length] })
    beside.push(performance.now() - asked)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  note(`all offers of all customers kept after ${Math.round((performance.now() - started) / 1000)} s`)
  row({
    ...summary('the same, while offers are computed to be kept', beside, idle),
    'p99 ratio': Math.round((quantile(beside, 0.99) / quantile(idle, 0.99)) * 100) / 100,
  })

  const { text } = STATEMENTS.get('recommendation/subject')!
  const raw = async (customerId: string) => {
    const session = driver.session({ defaultAccessMode: 'READ' })
    try {
      await session.executeRead((tx) => tx.run(text, { customerId, model: null, kept: 10, language: 'EN' }))
    } finally {
      await session.close()
    }
  }
  const kept = async (id: string) => {
    const { crossSell } = await ask(QUERY, { id })
    if (crossSell.source !== 'SNAPSHOT') throw new Error(`The offers of ${id} are not kept`)
  }
  const at = (round: number) => customers[round % customers.length]!
  const baseline = await time((round) => raw(at(round)), ROUNDS, 300)
  row(summary('its statement over raw Bolt, one in flight', baseline))
  row(summary('kept, over HTTP, one in flight', await time((round) => kept(at(round)), ROUNDS, 500), baseline))
  const throughput = async (work: (id: string) => Promise<unknown>) => {
    const begun = performance.now()
    let next = 0
    const worker = async () => {
      while (next < 4 * ROUNDS) await work(at(next++))
    }
    await Promise.all(Array.from({ length: 16 }, worker))
    return (4 * ROUNDS) / ((performance.now() - begun) / 1000)
  }
  const [bolt, http] = [await throughput(raw), await throughput(kept)]
  row({ what: 'raw Bolt, 16 in flight', 'a second': Math.round(bolt) })
  row({
    what: 'kept, over HTTP, 16 in flight',
    'a second': Math.round(http),
    ratio: Math.round((http / bolt) * 100) / 100,
  })

  let furthest = 0
  for (const id of customers.slice(0, COMPARED)) {
    const [ours, theirs] = [(await ask(QUERY, { id })).crossSell.items, (await computed(QUERY, { id })).crossSell.items]
    if (ours.length !== theirs.length) throw new Error(`${id}: ${ours.length} offers kept, ${theirs.length} computed`)
    for (const [rank, { score, product }] of ours.entries()) {
      if (product.id !== theirs[rank]!.product.id) throw new Error(`${id}: another product at rank ${rank + 1}`)
      furthest = Math.max(furthest, Math.abs(score - theirs[rank]!.score) / score)
    }
  }
  note(`${COMPARED} customers: the same products, scores within ${furthest.toExponential(1)}`)

  const second = await app.services.model.train()
  await app.services.model.activate(second)
  const before = performance.now()
  const { id } = (await ask('mutation { rollbackModel { id } }')).rollbackModel
  for (const on of [ask, computed])
    while ((await modelOf(on, customers[0]!)) !== id) await new Promise((resolve) => setTimeout(resolve, 5))
  note(`rollback seen on two instances after ${Math.round(performance.now() - before)} ms`)
}

const modelOf = async (ask: (query: string, variables: object) => Promise<unknown>, id: string) => {
  const query = 'query ($id: ID!) { crossSell(customerId: $id, first: 1) { model { id } } }'
  return ((await ask(query, { id })) as { crossSell: { model: { id: string } } }).crossSell.model.id
}

async function someCustomers(graph: Bench['graph']): Promise<string[]> {
  const rows = await allPages((after, limit) => graph.query('load/customer-ids', { after, limit }))
  const random = seeded(SEED)
  return Array.from({ length: COMPARED }, () => rows[Math.floor(random() * rows.length)]!.id)
}
