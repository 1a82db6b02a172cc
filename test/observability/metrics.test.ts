import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { LIMITS } from '../../src/graph/driver.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { backends, cypher } from '../support/graph.ts'
import { day, emptyShop, order, RECORD } from '../support/shop.ts'
import { connectTo, firstOf } from '../support/sockets.ts'

describe('/metrics', () => {
  let app: TestApp
  /** Nobody listens there: what waits in the outbox stays. */
  const redis = { url: 'redis://127.0.0.1:1' }

  beforeAll(async () => {
    app = await startTestApp({}, { neo4j: backends().neo4j, redis })
  })
  beforeEach(async () => {
    await emptyShop(app)
    await cypher(
      app.driver,
      "CREATE (:Customer {id: 'c1'}), (:Product {id: 'p1', name: 'p1', active: true, merchandise: true})",
    )
  })
  afterAll(() => app?.stop())

  const metrics = async () => (await fetch(`${app.url}/metrics`)).text()
  const value = async (series: string) => {
    const line = (await metrics()).split('\n').find((text) => text.startsWith(`${series} `))
    return line === undefined ? undefined : Number(line.slice(series.length + 1))
  }
  const requests = (name: string, outcome = 'ok') =>
    value(`alongside_requests_total{name="${name}",outcome="${outcome}"}`)

  it('counts operations by the name their client gave them, over HTTP and over a socket', async () => {
    await app.ask('query Storefront { me { role } }', { role: 'MARKETER' })
    const { client } = connectTo(app, await app.token('MARKETER'))
    await firstOf(client, 'query Storefront { me { role } }')
    await firstOf(client, 'query Storefront { customer(id: "nobody") { id } }')
    await client.dispose()
    await app.ask('{ me { role } }', { role: 'MARKETER' })
    expect(await requests('Storefront')).toBe(2)
    expect(await requests('Storefront', 'error')).toBe(1)
    expect(await requests('anonymous')).toBe(1)
    expect(await value('alongside_operation_seconds_count{operation="me",outcome="ok"}')).toBe(3)
  })

  it('keeps no name that may be an id, and no more than a hundred', async () => {
    await app.ask('query Customer_4711 { me { role } }', { role: 'MARKETER' })
    for (let n = 0; n < 120; n++)
      await app.ask(`query Screen${n % 60}${'ab'[n % 2]}${n < 60} { me { role } }`, { role: 'MARKETER' })
    const text = await metrics()
    expect(text).not.toContain('4711')
    expect(
      new Set([...text.matchAll(/_requests_total\{name="(\w+)"/g)].map(([, name]) => name)).size,
    ).toBeLessThanOrEqual(102)
    expect(await requests('other')).toBeGreaterThan(20)
  })

  it('tells how much waits to be published, and for how long', async () => {
    expect(await value('alongside_outbox_rows')).toBe(0)
    expect(await value('alongside_outbox_lag_seconds')).toBe(0)
    await app.data(RECORD, { role: 'INGEST', variables: { orders: [order('o1', 'c1', day(1), ['p1'])] } })
    await cypher(app.driver, 'MATCH (row:Outbox) SET row.at = row.at - duration({seconds: 90})')
    expect(await value('alongside_outbox_rows')).toBe(1)
    expect(await value('alongside_outbox_lag_seconds')).toBeGreaterThanOrEqual(90)
  })

  it('tells how much of the pool is in use, and how late the event loop is', async () => {
    const session = app.driver.session()
    const lock = session.beginTransaction()
    await lock.run("MERGE (c:Customer {id: 'c1'}) SET c.held = true")
    const variables = { orders: [order('o1', 'c1', day(1), ['p1'])] }
    const waiting = app.data(RECORD, { role: 'INGEST', variables })
    try {
      await expect.poll(() => value('alongside_graph_in_use')).toBe(1)
      expect(await value('alongside_graph_pool_size')).toBe(LIMITS.pool)
      expect(await value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
    } finally {
      await lock.rollback()
      await session.close()
    }
    await waiting
    expect(await value('alongside_graph_in_use')).toBe(0)
  })

  it('counts what was run again, by the statement that failed', async () => {
    const meet = barrier()
    // Each has what the other wants next: one of the two is sent back.
    const products = app.graph.transaction(async (tx) => {
      await tx.query('catalog/lock', { ids: ['p1'] })
      await meet()
      await tx.query('customer/lock', { ids: ['c1'] })
    })
    const customers = app.graph.transaction(async (tx) => {
      await tx.query('order/lock', { orders: [{ id: 'o1', customerId: 'c1' }] })
      await meet()
      await tx.query('order/write', { orders: [], productIds: ['p1'] })
    })
    await Promise.all([products, customers])
    const retried = (statement: string) => value(`alongside_statement_retries_total{statement="${statement}"}`)
    const counts = [await retried('customer/lock'), await retried('order/write')]
    expect(counts.filter((count) => count === 1)).toHaveLength(1)
  })
})

/** Lets the first two who come go on together, and whoever comes later at once. */
function barrier(): () => Promise<void> {
  let come = 0
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    if (++come === 2) open()
    return opened
  }
}
