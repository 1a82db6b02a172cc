import { describe, expect, it } from 'vitest'
import { createTestApp, startTestApp, type TestApp } from '../../support/app.ts'
import { cypher } from '../../support/graph.ts'
import { line, order } from '../../support/shop.ts'
import { createTestBroker, createTopics, done, eventually, metric, type Topics } from './support.ts'

const broker = createTestBroker()
/** Keeps the graph and answers; what is read comes in by instances of the tests' own. */
const app = createTestApp()

async function withReader(work: (topics: Topics, reader: TestApp) => Promise<void>): Promise<void> {
  const topics = await createTopics(broker)
  const reader = await startTestApp(topics.env)
  try {
    await work(topics, reader)
  } finally {
    await reader.stop()
  }
}

/** An item as it stands in the graph, by whichever way it came. */
async function stored(id: string) {
  const [found] = await cypher<{ properties: Record<string, unknown>; around: object[] }>(
    app.driver,
    `MATCH (n {id: $id}) WHERE n:Order OR n:Product OR n:Customer OR n:Interaction
     // What a change is told by is made up anew each time.
     RETURN n {.*, change: n.change IS NOT NULL} AS properties,
       COLLECT { MATCH (n)-[r]-(m) RETURN { type: type(r), properties: properties(r), other: labels(m)[0] } ORDER BY type(r), m.id } AS around`,
    { id },
  )
  return (
    found && JSON.parse(JSON.stringify(found).replaceAll(id, 'ID').replaceAll('-kafka', '').replaceAll('-graphql', ''))
  )
}

const at = '2024-03-01T10:00:00.000Z'
const CASES = [
  {
    topic: 'orders',
    mutation: 'recordOrders(orders: $items)',
    type: 'OrderInput',
    item: (way: string) => ({
      id: `o-${way}`,
      customerId: `oc-${way}`,
      placedAt: '2024-03-01T11:00:00+01:00',
      channel: 'web',
      lines: [line('milk', 2, 3), { ...line('bread', 1, 2), discount: 0.5 }],
    }),
  },
  {
    topic: 'views',
    mutation: 'recordViews(views: $items)',
    type: 'ViewInput',
    item: (way: string) => ({ id: `v-${way}`, customerId: `vc-${way}`, productId: 'milk', at }),
    look: 'vc',
  },
  {
    topic: 'interactions',
    mutation: 'recordInteractions(interactions: $items)',
    type: 'InteractionInput',
    item: (way: string) => ({
      id: `i-${way}`,
      customerId: `ic-${way}`,
      campaignId: 'spring',
      type: 'CLICKED',
      channel: 'EMAIL',
      at,
    }),
  },
  {
    topic: 'products',
    mutation: 'upsertProducts(products: $items)',
    type: 'ProductInput',
    item: (way: string) => ({ id: `p-${way}`, name: 'Oat milk', department: 'GROCERY', price: 2.5, brand: null }),
  },
  {
    topic: 'customers',
    mutation: 'upsertCustomers(customers: $items)',
    type: 'CustomerInput',
    item: (way: string) => ({ id: `c-${way}`, age: '45-54', language: 'pl', timeZone: 'Europe/Warsaw' }),
  },
] as const

describe('A message of', () => {
  it.each(CASES)('$topic leaves in the graph what the same item leaves by GraphQL', async (one) => {
    await cypher(app.driver, `MERGE (c:Campaign {id: 'spring'}) SET c.startsAt = datetime('2024-01-01T00:00:00Z')`)
    const id = (way: string) => ('look' in one ? `${one.look}-${way}` : one.item(way).id)
    await app.data(`mutation ($items: [${one.type}!]!) { ${one.mutation} { accepted } }`, {
      role: 'INGEST',
      variables: { items: [one.item('graphql')] },
    })
    await withReader(async (topics, reader) => {
      await topics.send(one.topic, [one.item('kafka')])
      await eventually(async () => expect(await done(reader, one.topic)).toBe(1))
      expect(await metric(reader, 'alongside_kafka_messages_total', { topic: one.topic, outcome: 'accepted' })).toBe(1)
    })
    const viaGraphQL = await stored(id('graphql'))
    expect(viaGraphQL).toBeDefined()
    expect(await stored(id('kafka'))).toEqual(viaGraphQL)
  })
})

describe('Messages', () => {
  const bought = (customerId: string) =>
    cypher(
      app.driver,
      'MATCH (:Customer {id: $customerId})-[b:BOUGHT]->(p) RETURN p.id AS product, b.quantity AS quantity ORDER BY product',
      { customerId },
    )

  it('that come twice, or as an older revision, are counted once', async () => {
    await withReader(async (topics, reader) => {
      const first = order('twice', 'tc', at, [line('tea', 1, 4)])
      const second = { ...order('twice', 'tc', at, [line('tea', 3, 12)]), revision: 2 }
      await topics.send('orders', [first, first, second, first, second])
      await eventually(async () => expect(await done(reader, 'orders')).toBe(5))
      expect(await bought('tc')).toEqual([{ product: 'tea', quantity: 3 }])
      await topics.send('orders', [first, second])
      await eventually(async () => expect(await done(reader, 'orders')).toBe(7))
      expect(await bought('tc')).toEqual([{ product: 'tea', quantity: 3 }])
    })
  })

  it('of one customer are written in the order they were sent', async () => {
    await withReader(async (topics, reader) => {
      const brands = Array.from({ length: 300 }, (_, n) => ({ id: 'ordered', name: `Name ${n}` }))
      await topics.send('products', brands)
      await eventually(async () => expect(await done(reader, 'products')).toBe(300))
      expect(await cypher(app.driver, `MATCH (p:Product {id: 'ordered'}) RETURN p.name AS name`)).toEqual([
        { name: 'Name 299' },
      ])
    })
  })

  it("that can't be taken become dead letters with their reason, untouched; the good ones around them are recorded", async () => {
    await withReader(async (topics, reader) => {
      const good = (n: number) => order(`around-${n}`, 'around', at, [line('tea', 1, 4)])
      const { lines: _, ...noLines } = good(8)
      const stranger = { ...order('around-1', 'somebody else', at, [line('tea', 1, 4)]), revision: 2 }
      const bad = {
        text: '{"id": "half',
        bytes: Buffer.from([0xff, 0xfe]),
        empty: Buffer.alloc(0),
        shape: noLines,
        surplus: { ...good(9), colour: 'red' },
        value: { ...good(10), lines: [line('tea', -1, 4)] },
        // Another customer's by then.
        conflict: stranger,
      }
      await topics.send('orders', [good(1), bad.text, bad.bytes, good(2), bad.empty, bad.shape, bad.surplus], {
        partition: 1,
      })
      await topics.send('orders', [bad.value, bad.conflict, good(3)], { partition: 1 })
      await eventually(async () => expect(await done(reader, 'orders')).toBe(10))

      expect(await bought('around')).toEqual([{ product: 'tea', quantity: 3 }])
      const letters = await topics.deadLetters()
      expect(letters.map(({ headers }) => headers['alongside-code']).sort()).toEqual([
        ...Array(6).fill('BAD_USER_INPUT'),
        'CONFLICT',
      ])
      const of = (offset: number) => letters.find(({ headers }) => headers['alongside-offset'] === String(offset))!
      expect(of(1)).toMatchObject({
        value: bad.text,
        headers: { 'alongside-topic': `${topics.prefix}orders`, 'alongside-partition': '1' },
      })
      expect(of(1).headers['alongside-reason']).toBe('The message is not JSON in UTF-8.')
      expect(of(4).headers['alongside-reason']).toBe('The message is empty.')
      expect(of(5).headers['alongside-reason']).toMatch(/^lines: /)
      expect(of(6).headers['alongside-reason']).toMatch(/colour/)
      expect(of(7).headers['alongside-reason']).toBe('lines[0].quantity must be 0 or more, not -1.')
      expect(of(8)).toMatchObject({ key: 'somebody else', value: JSON.stringify(stranger) })
      const rejects = (code: string) => metric(reader, 'alongside_kafka_rejects_total', { topic: 'orders', code })
      expect([await rejects('BAD_USER_INPUT'), await rejects('CONFLICT')]).toEqual([6, 1])
      expect(await (await fetch(`${reader.url}/readyz`)).json()).toMatchObject({ kafka: { rejected: 7 } })
    })
  })

  it('are measured and told of: lag, batches, what was rejected, and whether Kafka is there', async () => {
    await withReader(async (topics, reader) => {
      await topics.send('orders', [order('measured', 'mc', at, ['tea'])])
      await eventually(async () => expect(await done(reader, 'orders')).toBe(1))
      expect(await metric(reader, 'alongside_kafka_lag', { topic: 'orders' })).toBe(0)
      expect(await metric(reader, 'alongside_kafka_batch_size', { topic: 'orders' })).toBeGreaterThan(0)
      expect(await metric(reader, 'alongside_kafka_batch_seconds_count', { topic: 'orders' })).toBe(1)
      expect(await metric(reader, 'alongside_backend_up', { backend: 'kafka' })).toBe(1)
      expect(await (await fetch(`${reader.url}/readyz`)).json()).toMatchObject({
        ready: true,
        kafka: { state: 'ok', lag: 0, rejected: 0 },
      })
    })
    expect(await (await fetch(`${app.url}/readyz`)).json()).toEqual({ ready: true, neo4j: 'ok', draining: false })
  })
})
