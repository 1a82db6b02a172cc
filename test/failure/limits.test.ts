import { createClient } from 'graphql-ws'
import type { Driver } from 'neo4j-driver'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { createDriver, LIMITS } from '../../src/graph/driver.ts'
import { createTestApp, startTestApp, type TestApp } from '../support/app.ts'
import { backends, cypher } from '../support/graph.ts'
import { day, emptyShop, order, RECORD, record } from '../support/shop.ts'
import { watchStalls } from '../support/stalls.ts'
import { ask, readiness, type TimedAnswer } from './support.ts'

/** What a busy machine may add to a limit. */
const SLACK_MS = 2_500

describe('Limits of the graph access', () => {
  const app = createTestApp()
  const stalled = watchStalls()
  let other: TestApp
  /** Looks on from outside the service's pool. */
  let watcher: Driver

  beforeAll(async () => {
    other = await startTestApp()
    watcher = createDriver(backends().neo4j)
  })
  beforeEach(() => emptyShop(app))
  afterAll(async () => {
    await other?.stop()
    await watcher?.close()
  })

  const running = async (part: string) => {
    const text = 'SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS $part RETURN currentQuery AS query'
    const found = await cypher<{ query: string }>(watcher, text, { part })
    return found.filter(({ query }) => !query.startsWith('SHOW')).length
  }

  it('a client that writes on one instance and then reads on another sees its write, every time', async () => {
    for (let n = 0; n < 20; n++) {
      const [from, to] = n % 2 ? [app, other] : [other, app]
      await record(from, [order(`o${n}`, 'c1', day(n + 1), [`p${n}`])])
      const { orders } = await to.data(`{ orders(where: { id: { eq: "o${n}" } }) { products { id } } }`, {
        role: 'MARKETER',
      })
      expect(orders).toEqual([{ products: [{ id: `p${n}` }] }])
    }
  })

  it('with every connection busy a request is refused soon instead of waiting, and readiness is not lost', async () => {
    // Each writes about a customer and a product of its own, which are all held: they wait for nothing but this lock.
    const writers = 4 * LIMITS.pool
    const orders = Array.from({ length: writers }, (_, n) => order(`o${n}`, `c${n}`, day(1), [`p${n}`]))
    await record(app, orders)
    const session = watcher.session()
    const lock = session.beginTransaction()
    await lock.run('MATCH (c:Customer) SET c.held = true')
    const slow: Promise<TimedAnswer>[] = []
    const send = (count: number) => {
      for (let n = 0; n < count; n++) {
        const revised = { ...orders[slow.length % writers]!, revision: 2 }
        slow.push(ask(app.url, RECORD, { role: 'INGEST', variables: { orders: [revised] } }))
      }
    }
    send(LIMITS.pool + 10)
    try {
      // On a busy machine some are refused while the connections are still being made: others take their place.
      await expect
        .poll(
          async () => {
            const count = await running('newCustomerIds')
            send(LIMITS.pool - count)
            return count
          },
          { timeout: 30_000, interval: LIMITS.acquireMs + 500 },
        )
        .toBe(LIMITS.pool)
      const further = await Promise.all([
        ask(app.url, '{ affinities(productId: "p1") { orders } }', { role: 'ANALYST' }),
        ask(app.url, '{ products { id } }', { role: 'ANALYST' }),
      ])
      for (const { codes, ms } of further) {
        expect(codes).toEqual(['UNAVAILABLE'])
        expect(ms).toBeLessThan(LIMITS.acquireMs + SLACK_MS)
      }
      expect(await readiness(app.url)).toBe(200)
    } finally {
      await lock.rollback()
      await session.close()
    }
    const outcomes = (await Promise.all(slow)).map(({ codes }) => codes.join() || 'recorded')
    expect(new Set(outcomes)).toEqual(new Set(['recorded', 'UNAVAILABLE']))
    expect(outcomes.filter((outcome) => outcome === 'recorded').length).toBeGreaterThanOrEqual(LIMITS.pool)
    expect((await app.data('{ products { id } }', { role: 'ANALYST' })).products).not.toEqual([])
  })

  it('a transaction that takes too long, or waits too long for a lock, is ended here and in the database', async () => {
    const session = watcher.session()
    const lock = session.beginTransaction()
    await lock.run("MERGE (c:Customer {id: 'c1'}) SET c.held = true")
    try {
      const orders = [{ id: 'o1', customerId: 'c1' }]
      const waiting = app.graph.transaction((tx) => tx.query('order/lock', { orders }), { timeoutMs: 500 })
      const started = performance.now()
      await expect(waiting).rejects.toMatchObject({ code: 'UNAVAILABLE' })
      expect(performance.now() - started).toBeLessThan(500 + LIMITS.graceMs + SLACK_MS)
      await expect.poll(() => running('newCustomerIds')).toBe(0)
    } finally {
      await lock.rollback()
      await session.close()
    }
  })

  describe('a client that goes away', () => {
    const SLOW = '{ affinities(productId: "p1", kind: BOUGHT_AFTER) { orders } }'
    /** Pairs of earlier and later orders: their number grows with the square of this. */
    const ORDERS = 6_000
    const underWay = () => running('t < later.placedAt')

    beforeEach(async () => {
      await cypher(
        watcher,
        `MERGE (c:Customer {id: 'c1'}) MERGE (p:Product {id: 'p1'}) MERGE (q:Product {id: 'p2'})
         WITH c, p, q UNWIND range(1, $orders) AS n
         CREATE (c)-[:PLACED]->(o:Order {id: 'slow-' + n, counted: true, revision: 1, placedAt: datetime({epochSeconds: n})})
         CREATE (o)-[:CONTAINS {quantity: 1.0, value: 1.0}]->(p) CREATE (o)-[:CONTAINS {quantity: 1.0, value: 1.0}]->(q)`,
        { orders: ORDERS },
      )
    })

    /** Each of the orders beside each of the orders beside each of them. */
    const SLOW_READ = `{ orders(where: { customer: { some: { orders: { some: { customer: { some: { orders: { some: {
      id: { eq: "none" } } } } } } } } } }) { id } }`
    const readUnderWay = () => running('this:Order')

    /** Ended by the departure, not by being done: the same request would go on for longer than this. */
    async function expectEndsSoon(leave: () => unknown, underWay: () => Promise<number>) {
      await expect.poll(underWay, { timeout: 20_000, interval: 50 }).toBe(1)
      leave()
      const left = performance.now()
      await expect.poll(underWay, { timeout: 10_000, interval: 50 }).toBe(0)
      expect(performance.now() - left).toBeLessThan(1_500 + stalled())
    }

    const departures = [
      { what: 'its transaction', query: SLOW, under: underWay },
      { what: 'its generated read', query: SLOW_READ, under: readUnderWay },
    ]

    it.each(departures)('over HTTP takes $what along', async ({ query, under }) => {
      const gone = new AbortController()
      const request = fetch(`${app.url}/graphql`, {
        method: 'POST',
        signal: gone.signal,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await app.token('ANALYST')}` },
        body: JSON.stringify({ query }),
      }).then(
        () => 'answered',
        () => 'gone',
      )
      await expectEndsSoon(() => gone.abort(), under)
      expect(await request).toBe('gone')
    })

    it.each(departures)('over a socket takes $what along', async ({ query, under }) => {
      let answers = 0
      const client = createClient({
        url: `${app.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: { authorization: `Bearer ${await app.token('ANALYST')}` },
      })
      client.subscribe({ query }, { next: () => void answers++, error: () => {}, complete: () => {} })
      await expectEndsSoon(() => client.terminate(), under)
      expect(answers).toBe(0)
    })
  })
})
