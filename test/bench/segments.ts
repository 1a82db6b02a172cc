import { signToken } from '../../src/auth/viewer.ts'
import type { Graph } from '../../src/graph/query.ts'
import { loadJourney } from '../../src/ingest/load.ts'
import { seeded } from '../../src/random.ts'
import { type Bench, boughtProducts, summary, time } from './bench.ts'

const CUSTOMERS = 100_000
const MEAN_ORDERS = 5
const MOST_LINES = 6
const SEED = 10
const BATCH = 500
const ROUNDS = 15
const WARM_UP = 3
const SLOW = { timeoutMs: 120_000 }

const SEVERAL = {
  all: [
    { bought: { categoryId: 'category:SOFT DRINKS', period: { lastDays: 90 } } },
    { not: { bought: { categoryId: 'category:BAG SNACKS', period: { lastDays: 90 } } } },
    { any: [{ attribute: { name: 'age', in: ['35-44', '45-54'] } }, { rfm: { monetary: [4, 5] } }] },
    { lifecycle: ['NEW', 'ACTIVE'] },
    { consent: { purpose: 'MARKETING', channel: 'EMAIL' } },
  ],
}
const ALL_IDS = 'MATCH (c:Customer) WHERE c.id IS NOT NULL RETURN collect(c.id) AS ids'

const named = (productId: string): Record<string, object> => ({
  'an attribute': { attribute: { name: 'age', in: ['35-44', '45-54'] } },
  'bought the most bought product, 90 days': { bought: { productId, period: { lastDays: 90 } } },
  'bought a category, 90 days': { bought: { categoryId: 'category:SOFT DRINKS', period: { lastDays: 90 } } },
  'bought a department, 90 days': { bought: { categoryId: 'department:GROCERY', period: { lastDays: 90 } } },
  'bought a department, a quarter amid': {
    bought: { categoryId: 'department:GROCERY', period: { from: '2017-04-01', to: '2017-07-01' } },
  },
  'spent, 30 days': { spend: { min: 20, period: { lastDays: 30 } } },
  'spent, 90 days': { spend: { min: 20, period: { lastDays: 90 } } },
  'spent, ever': { spend: { min: 100 } },
  'recency, frequency and monetary': { rfm: { recency: [5], frequency: [4, 5], monetary: [5] } },
  'lifecycle, most of them': { lifecycle: ['ACTIVE', 'LAPSING', 'LOST'] },
  consent: { consent: { purpose: 'MARKETING', channel: 'EMAIL' } },
  'a response, a year': { response: { types: ['OPENED', 'REDEEMED'], period: { lastDays: 365 } } },
  everybody: { all: [] },
})

/** Segments counted over 100,000 customers; the baseline is reading all their ids. */
export default async function segments({ graph, driver, startApp, dataDir, sample, row, note }: Bench): Promise<void> {
  await loadJourney(graph, { dataDir: dataDir ?? sample })
  await grow(driver, graph)
  const counts =
    'RETURN COUNT { (:Customer) } AS customers, COUNT { (:Order) } AS orders, COUNT { ()-[:BOUGHT]->() } AS bought'
  const [grown] = (await driver.executeQuery(counts)).records
  note(
    `${['customers', 'orders', 'bought'].map((name) => `${grown!.get(name)} ${name}`).join(', ')}; grown with seed ${SEED}`,
  )

  const [mostBought] = await boughtProducts(driver, 50)
  const app = await startApp({ RATE_LIMIT: '0' })
  const authorization = `Bearer ${await signToken({ role: 'MARKETER', subject: 'bench' }, app.tokens)}`
  const ask = async (query: string, condition: object) => {
    const variables = { input: { name: 'bench', condition } }
    const body = JSON.stringify({ query, variables })
    const headers = { 'content-type': 'application/json', authorization }
    const { data, errors } = (await (await fetch(`${app.url}/graphql`, { method: 'POST', headers, body })).json()) as {
      data?: { segmentPreview?: { size: number }; saveSegment?: { id: string } }
      errors?: object
    }
    if (errors || !data) throw new Error(JSON.stringify(errors))
    return data
  }
  const preview = async (condition: object) =>
    (await ask('query ($input: SegmentInput!) { segmentPreview(input: $input) { size sample { id } } }', condition))
      .segmentPreview!
  const { id } = (await ask('mutation ($input: SegmentInput!) { saveSegment(input: $input) { id } }', SEVERAL))
    .saveSegment!

  const baseline = await time(() => driver.executeQuery(ALL_IDS), ROUNDS, WARM_UP)
  row(summary('the ids of all customers over raw Bolt', baseline))
  const measure = async (what: string, work: () => Promise<unknown>) => {
    const figures = summary(what, await time(work, ROUNDS, WARM_UP), baseline)
    note(JSON.stringify(figures))
    row(figures)
  }
  const several = `several conditions: ${await app.services.segment.count(id)}`
  await measure(`${several}; count`, () => app.services.segment.count(id))
  await measure(`${several}; segmentPreview over HTTP`, () => preview(SEVERAL))
  await measure(`${several}; first page of members`, () => app.services.segment.members(id, { first: 1_000 }))
  for (const [name, condition] of Object.entries(named(mostBought!.productId)))
    await measure(`${name}: ${(await preview(condition)).size}; over HTTP`, () => preview(condition))
}

/**
 * Customers like those there are: each with the attributes of one, and with copies of orders of anybody, of at most six products, from a
 * time of its own in which it bought; five orders at the mean, many with one and few with many. Three of five said something about
 * e-mail, one of five something else later; one of three had an e-mail of a campaign, opened by some.
 */
async function grow(driver: Bench['driver'], graph: Graph): Promise<void> {
  const random = seeded(SEED)
  const below = (limit: number) => Math.floor(random() * limit)
  const rowsOf = async (text: string) =>
    (await driver.executeQuery(text, { most: MOST_LINES })).records.map((record) => record.get('id') as string)
  const models = await rowsOf('MATCH (c:Customer) RETURN c.id AS id ORDER BY id')
  const orders = await rowsOf(
    `MATCH (o:Order) WHERE o.counted AND COUNT { (o)-[:CONTAINS]->() } <= $most RETURN o.id AS id ORDER BY o.placedAt, id`,
  )
  const campaigns = await rowsOf('MATCH (c:Campaign) RETURN c.id AS id ORDER BY id')
  const made = Array.from({ length: CUSTOMERS - models.length }, (_, n) => {
    const id = `grown-${n}`
    const from = random()
    const share = random() * (1 - from)
    const count = 1 + Math.floor(-Math.log(1 - random()) * (MEAN_ORDERS - 0.5))
    const said = random() < 0.6 ? [random() < 0.7] : []
    if (said.length > 0 && random() < 1 / 3) said.push(random() < 0.5)
    return {
      id,
      like: models[below(models.length)]!,
      orders: Array.from({ length: count }, (_, at) => ({
        id: `${id}-${at}`,
        like: orders[Math.floor((from + share * random()) * orders.length)]!,
      })),
      said: said.map((granted, at) => ({ id: `${id}-${at}`, granted, days: at })),
      sent: random() < 1 / 3 ? [{ id, campaignId: campaigns[below(campaigns.length)]!, opened: random() < 0.3 }] : [],
    }
  })
  for (let at = 0; at < made.length; at += BATCH) {
    const rows = made.slice(at, at + BATCH)
    const customerIds = rows.map(({ id }) => id)
    for (const text of GROW) await driver.executeQuery(text, { rows })
    await graph.query('load/first-bought', { customerIds }, SLOW)
    await graph.query('order/summary', { customerIds }, SLOW)
  }
}

const GROW = [
  `UNWIND $rows AS row MATCH (like:Customer {id: row.like})
   CREATE (c:Customer {id: row.id, age: like.age, income: like.income, householdSize: like.householdSize, kids: like.kids,
     homeOwnership: like.homeOwnership, maritalStatus: like.maritalStatus, householdComposition: like.householdComposition})`,
  `UNWIND $rows AS row MATCH (c:Customer {id: row.id})
   UNWIND row.orders AS one MATCH (like:Order {id: one.like})
   CREATE (c)-[:PLACED]->(o:Order {id: one.id, revision: 1, placedAt: like.placedAt, value: like.value, counted: true})
   WITH o, like MATCH (like)-[l:CONTAINS]->(p)
   CREATE (o)-[:CONTAINS {quantity: l.quantity, value: l.value, discount: l.discount}]->(p)`,
  `UNWIND $rows AS row MATCH (c:Customer {id: row.id})
   UNWIND row.said AS one
   CREATE (c)-[:GAVE]->(:Consent {id: one.id, purpose: 'MARKETING', channel: 'EMAIL', granted: one.granted, source: 'bench',
     at: datetime('2017-06-01T00:00:00Z') + duration({days: toInteger(one.days)})})`,
  `UNWIND $rows AS row MATCH (c:Customer {id: row.id})
   UNWIND row.sent AS one MATCH (campaign:Campaign {id: one.campaignId})
   UNWIND CASE WHEN one.opened THEN ['SENT', 'OPENED'] ELSE ['SENT'] END AS type
   CREATE (c)-[:HAD]->(:Interaction {id: one.id + type, type: type, at: campaign.startsAt})-[:WITH]->(campaign)`,
]
