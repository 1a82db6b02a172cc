import { setTimeout as sleep } from 'node:timers/promises'
import { signToken } from '../../src/auth/viewer.ts'
import { allPages } from '../../src/graph/pages.ts'
import { loadJourney } from '../../src/ingest/load.ts'
import { seeded } from '../../src/random.ts'
import { type Bench, boughtProducts, quantile, summary, time } from './bench.ts'

const SEED = 10
const PRODUCTS = 50
const MOST_ORDERS = 8
const ASK_EVERY_MS = 100
const IDLE_ROUNDS = 300
const QUERY = `query ($id: ID!) { crossSell(customerId: $id, first: 10) {
  items { rank score reason otherContribution product { id name price } evidence { kind contribution share reason } } } }`

/**
 * A campaign over customers grown from those of the data, with crossSell asked ten times a second beside it; then the same audience built
 * again. Whoever is grown came after the model learned: nobody is like them yet, all other paths are theirs.
 */
export default async function audience(bench: Bench): Promise<void> {
  const { graph, driver, startApp, dataDir, sample, customers, row, note } = bench
  await loadJourney(graph, { dataDir: dataDir ?? sample })
  const app = await startApp({ SNAPSHOTS: 'off', RATE_LIMIT: '0' })
  await app.services.model.activate(await app.services.model.train())
  const households = (await allPages((after, limit) => graph.query('load/customer-ids', { after, limit }))).map(
    ({ id }) => id,
  )
  note(`${await grow(bench, households)} order lines of ${customers} customers grown with seed ${SEED}`)
  const products = (await boughtProducts(driver, 5)).slice(0, PRODUCTS).map(({ productId }) => productId)
  await driver.executeQuery(
    `CREATE (k:Campaign {id: 'bench', name: 'Bench', status: 'DRAFT', channels: ['WEB', 'PUSH'], priority: 0, holdoutShare: 0.1, capMax: 2,
                         capDays: 7, startsAt: datetime('2030-01-01'), endsAt: datetime('2030-02-01')})
     CREATE (k)-[:AIMS_AT]->(:Segment {id: 'grown', name: 'Grown', condition: $condition})
     WITH k MATCH (p:Product) WHERE p.id IN $products CREATE (k)-[:PROMOTES]->(p)`,
    { products, condition: JSON.stringify({ attribute: { name: 'language', in: ['grown'] } }) },
  )

  const token = await signToken({ role: 'ADMIN', subject: 'bench' }, app.tokens)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const next = seeded(SEED)
  const ask = async () => {
    const variables = { id: households[Math.floor(next() * households.length)] }
    const body = JSON.stringify({ query: QUERY, variables })
    const answer = (await (await fetch(`${app.url}/graphql`, { method: 'POST', headers, body })).json()) as object
    if ('errors' in answer) throw new Error(JSON.stringify(answer))
  }
  await asked(ask, (n) => n < 100)
  const idle = await asked(ask, (n) => n < IDLE_ROUNDS)
  row(summary('crossSell, ten a second, nothing else to do', idle))

  for (const what of ['decided', 'decided again']) {
    const memory: number[] = []
    let building = true
    const sample = () => memory.push(process.memoryUsage.rss() / 2 ** 20)
    sample()
    const sampling = setInterval(sample, 1_000)
    const asking = asked(ask, () => building)
    const started = performance.now()
    const counts = await app.services.decision.build('bench')
    const seconds = (performance.now() - started) / 1_000
    building = false
    const beside = await asking
    clearInterval(sampling)
    sample()
    row({
      what: `${customers} customers ${what}`,
      seconds: Math.round(seconds * 10) / 10,
      'a second': Math.round(customers / seconds),
      ...counts,
      'RSS MB at start': Math.round(memory[0]!),
      'at a tenth': Math.round(memory[Math.floor(memory.length / 10)]!),
      'at half': Math.round(memory[Math.floor(memory.length / 2)]!),
      'at the end': Math.round(memory.at(-1)!),
      peak: Math.round(Math.max(...memory)),
    })
    row({
      ...summary('crossSell beside it', beside, idle),
      'p99 ratio': Math.round((quantile(beside, 0.99) / quantile(idle, 0.99)) * 100) / 100,
    })
    const { records } = await driver.executeQuery(
      'MATCH (d:Decision) RETURN toFloat(count(d)) AS decisions, toFloat(sum(size(d.offers) + size(d.inputs))) / count(d) AS characters, toString(max(d.at)) AS last',
    )
    const { decisions, characters, last } = records[0]!.toObject()
    note(`${decisions} decisions, the last at ${last}; ${Math.round(characters)} characters recorded of each`)
  }
}

/** How long each of some questions took, one begun every so many milliseconds. */
async function asked(ask: () => Promise<void>, goesOn: (n: number) => boolean): Promise<number[]> {
  const took: number[] = []
  while (goesOn(took.length)) {
    took.push(...(await time(ask, 1, 0)))
    await sleep(Math.max(0, ASK_EVERY_MS - took.at(-1)!))
  }
  return took
}

/**
 * Each new customer has the latest 1 to 8 orders of a household of the data, as they are, and its groups; four of five agree to be
 * written to by WEB, half by PUSH.
 */
async function grow({ driver, customers }: Bench, households: readonly string[]): Promise<number> {
  const next = seeded(SEED)
  const text = `UNWIND $rows AS row
    MATCH (h:Customer {id: row.from})
    CREATE (c:Customer {id: row.id, language: 'grown'})
    FOREACH (channel IN row.channels |
      CREATE (c)-[:GAVE]->(:Consent {id: row.id + channel, channel: channel, purpose: 'MARKETING', granted: true, source: 'bench', at: datetime()}))
    WITH row, h, c, [(h)-[:BELONGS_TO]->(g) | g] AS groups
    FOREACH (g IN groups | CREATE (c)-[:BELONGS_TO]->(g))
    WITH row, c, COLLECT { MATCH (h)-[:PLACED]->(o:Order) RETURN o ORDER BY o.placedAt DESC }[..toInteger(row.orders)] AS orders
    UNWIND orders AS o
    CREATE (c)-[:PLACED]->(n:Order {id: row.id + '-' + o.id, placedAt: o.placedAt, revision: 1, value: o.value})
    WITH n, o MATCH (o)-[r:CONTAINS]->(p)
    CREATE (n)-[:CONTAINS {quantity: r.quantity, value: r.value, discount: r.discount}]->(p)
    RETURN toFloat(count(*)) AS lines`
  let lines = 0
  for (let from = 0; from < customers; from += 1_000) {
    const rows = Array.from({ length: Math.min(1_000, customers - from) }, (_, n) => ({
      id: `grown-${String(from + n).padStart(7, '0')}`,
      from: households[Math.floor(next() * households.length)],
      orders: 1 + Math.floor(next() * MOST_ORDERS),
      channels: [...(next() < 0.8 ? ['WEB'] : []), ...(next() < 0.5 ? ['PUSH'] : [])],
    }))
    const { records } = await driver.executeQuery(text, { rows })
    lines += records[0]!.get('lines')
  }
  return lines
}
