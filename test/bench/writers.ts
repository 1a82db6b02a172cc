import { signToken } from '../../src/auth/viewer.ts'
import { seeded } from '../../src/random.ts'
import { type Bench, summary } from './bench.ts'

const WRITERS = 20
const ORDERS = 6_000
const BATCH = 10
const HOT = 50
const CUSTOMERS = 500
const LINES = 8
const SEED = 5
const RECORD = `mutation ($orders: [OrderInput!]!) { recordOrders(orders: $orders) { accepted rejected { message } } }`

type Line = { productId: string; quantity: number; value: number }
type Order = { id: string; customerId: string; placedAt: string; lines: Line[] }

/** Twenty writers at once over HTTP, all about the same hot products; the baseline is one writer alone with the same work. */
export default async function writers({ graph, driver, startApp, row, note }: Bench): Promise<void> {
  const app = await startApp()
  const token = await signToken({ role: 'INGEST', subject: 'bench' }, app.tokens)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const send = async (orders: Order[]): Promise<void> => {
    const body = JSON.stringify({ query: RECORD, variables: { orders } })
    const response = await fetch(`${app.url}/graphql`, { method: 'POST', headers, body })
    const { data, errors } = (await response.json()) as {
      data?: { recordOrders: { accepted: number } }
      errors?: object
    }
    if (errors || data?.recordOrders.accepted !== orders.length) throw new Error(JSON.stringify(errors ?? data))
  }
  const retries = async () => {
    const text = await (await fetch(`${app.url}/metrics`)).text()
    const counts = [...text.matchAll(/^alongside_statement_retries_total\{statement="([^"]+)"\} (\d+)/gm)]
    return new Map(counts.map(([, statement, count]) => [statement!, Number(count)]))
  }
  note(
    `${ORDERS} orders of ${CUSTOMERS} customers in batches of ${BATCH}, each ${LINES} lines out of ${HOT} products, drawn with seed ${SEED}`,
  )

  let baseline: number[] | undefined
  for (const count of [1, WRITERS]) {
    const batches = someBatches(`w${count}`)
    const before = await retries()
    const took: number[] = []
    let next = 0
    const writer = async () => {
      while (next < batches.length) {
        const batch = batches[next++]!
        const started = performance.now()
        await send(batch)
        took.push(performance.now() - started)
      }
    }
    const started = performance.now()
    await Promise.all(Array.from({ length: count }, writer))
    const seconds = (performance.now() - started) / 1000
    const again = [...(await retries())].map(([name, n]) => [name, n - (before.get(name) ?? 0)] as const)
    const retried = again.reduce((sum, [, n]) => sum + n, 0)
    for (const [name, n] of again) if (n > 0) note(`${count} writers: run again after ${name}: ${n}`)
    row({
      ...summary(`a batch of ${BATCH}, ${count} at once`, took, baseline),
      'orders a second': Math.round(ORDERS / seconds),
      retries: retried,
      'retries %': Math.round((10_000 * retried) / batches.length) / 100,
      'sums wrong': await wrongSums(driver, batches.flat()),
    })
    baseline ??= took
  }
  const pending = await graph.query('events/pending', { limit: 1 })
  note(`Outbox rows left: ${pending.length}`)
}

function someBatches(prefix: string): Order[][] {
  const random = seeded(SEED)
  const below = (limit: number) => Math.floor(random() * limit)
  const line = () => ({ productId: `hot-${below(HOT)}`, quantity: 1 + below(3), value: 1 + below(20) })
  const orders = Array.from({ length: ORDERS }, (_, n) => ({
    id: `${prefix}-${n}`,
    customerId: `${prefix}-c${below(CUSTOMERS)}`,
    placedAt: new Date(Date.UTC(2024, 0, 1, 0, below(500_000))).toISOString(),
    lines: Array.from({ length: LINES }, line),
  }))
  return Array.from({ length: ORDERS / BATCH }, (_, at) => orders.slice(at * BATCH, (at + 1) * BATCH))
}

/** Pairs of customer and product whose BOUGHT is not what was sent: a lost update, or one made twice. */
async function wrongSums(driver: Bench['driver'], orders: Order[]): Promise<number> {
  const wanted = new Map<string, { orders: Set<string>; quantity: number; value: number }>()
  for (const { id, customerId, lines } of orders) {
    for (const { productId, quantity, value } of lines) {
      const key = `${customerId} ${productId}`
      const sums = wanted.get(key) ?? { orders: new Set(), quantity: 0, value: 0 }
      sums.orders.add(id)
      wanted.set(key, { ...sums, quantity: sums.quantity + quantity, value: sums.value + value })
    }
  }
  const text = `UNWIND $ids AS id MATCH (c:Customer {id: id})-[b:BOUGHT]->(p:Product)
    RETURN c.id + ' ' + p.id AS key, toFloat(b.orders) AS orders, b.quantity AS quantity, b.value AS value`
  const { records } = await driver.executeQuery(text, { ids: [...new Set(orders.map(({ customerId }) => customerId))] })
  const found = new Map(records.map((record) => [record.get('key') as string, record]))
  const right = [...wanted].filter(([key, { orders, quantity, value }]) => {
    const record = found.get(key)
    const is = (name: string, sum: number) => Math.abs(record!.get(name) - sum) < 1e-6
    return record && is('orders', orders.size) && is('quantity', quantity) && is('value', value)
  })
  return Math.max(wanted.size, found.size) - right.length
}
