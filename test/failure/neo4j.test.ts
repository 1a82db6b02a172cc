import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { App } from '../../src/app.ts'
import { LIMITS } from '../../src/graph/driver.ts'
import { cypher, empty } from '../support/graph.ts'
import { RECORD, randomOrders } from '../support/shop.ts'
import { dump, outboxSize } from './dump.ts'
import { ask, readiness, type Stores, startApp, startStores, type TimedAnswer } from './support.ts'

/** What a busy machine may add to a limit. */
const SLACK_MS = 2_500
const batches = Array.from({ length: 20 }, (_, at) => randomOrders(11, 40, 5).slice(at * 10, at * 10 + 10))

describe('While Neo4j is away', () => {
  let stores: Stores
  let app: App

  beforeAll(async () => {
    stores = await startStores()
    app = await startApp(stores)
  })
  beforeEach(() => empty(app.driver))
  afterAll(async () => {
    await app?.stop()
    await stores?.stop()
  })

  const statement = () => ask(app.url, '{ affinities(productId: "p1") { orders } }', { role: 'ANALYST' })
  const generated = () => ask(app.url, '{ products { id } }', { role: 'ANALYST' })
  const record = (orders: object) => ask(app.url, RECORD, { role: 'INGEST', variables: { orders } })
  const ready = () => readiness(app.url)

  function expectRefused(answers: TimedAnswer[], withinMs: number) {
    for (const { codes, errors, ms } of answers) {
      expect(codes).toEqual(['UNAVAILABLE'])
      expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|localhost|bolt|ECONN|Neo\.|pool/i)
      expect(ms).toBeLessThan(withinMs)
    }
  }
  const backByItself = async () => {
    await expect.poll(ready, { timeout: 20_000 }).toBe(200)
    await expect.poll(async () => (await generated()).codes, { timeout: 10_000 }).toEqual([])
  }

  it('every kind of request ends with UNAVAILABLE in time, the next ones at once, and all is well without a restart', async () => {
    await stores.kill('neo4j')
    expectRefused(await Promise.all([statement(), generated(), record(batches[0]!)]), LIMITS.reachMs + SLACK_MS)
    expectRefused(await Promise.all([statement(), generated(), record(batches[0]!)]), 2_000)
    expect(await ready()).toBe(503)
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
    await stores.start('neo4j')
    await backByItself()
    expect((await record(batches[0]!)).data.recordOrders.accepted).toBe(10)
  })

  it('a Neo4j that hangs with its connections open is given up in the same time, and taken back', async () => {
    expect((await generated()).codes).toEqual([])
    await stores.pause('neo4j')
    try {
      const waiting = Promise.all([statement(), generated(), record(batches[0]!)])
      const asked = performance.now()
      expect(await ready()).toBe(503)
      expect(performance.now() - asked).toBeLessThan(LIMITS.probeMs + SLACK_MS)
      expectRefused(await waiting, LIMITS.reachMs + SLACK_MS)
    } finally {
      stores.resume('neo4j')
    }
    await backByItself()
  })

  it('one that hangs in the middle of a transaction ends the request in time, too', async () => {
    const { customerId } = batches[0]![0]!
    const holder = app.driver.session()
    const lock = holder.beginTransaction()
    await lock.run('MERGE (c:Customer {id: $customerId}) SET c.held = true', { customerId })
    const waiting = record(batches[0]!)
    const begun = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'newCustomerIds' RETURN 1 AS one"
    await expect.poll(async () => (await cypher(app.driver, begun)).length).toBeGreaterThan(1)
    await stores.pause('neo4j')
    try {
      const { aliveMs, aliveTries, probeMs } = LIMITS
      expectRefused([await waiting], aliveMs + aliveTries * probeMs + SLACK_MS)
    } finally {
      stores.resume('neo4j')
      await lock.close().catch(() => {})
      await holder.close().catch(() => {})
    }
    await backByItself()
  })

  it('kill -9 in the middle of transactions leaves, once they are sent again, the graph of a run without faults', async () => {
    for (const orders of batches) expect((await record(orders)).codes).toEqual([])
    const wanted = await dump(app.driver)
    await empty(app.driver)

    // Some are committed, one is known to be under way when the power goes: it waits for a lock that a transaction holds.
    for (const orders of batches.slice(0, 5)) await record(orders)
    const holder = app.driver.session()
    const lock = holder.beginTransaction()
    const { customerId } = batches[5]![0]!
    await lock.run('MERGE (c:Customer {id: $customerId}) SET c.held = true', { customerId })
    const inFlight = batches.slice(5, 9).map(record)
    await expect
      .poll(async () => {
        const running =
          "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'newCustomerIds' RETURN 1 AS one"
        return (await cypher(app.driver, running)).length
      })
      .toBeGreaterThan(1)
    await stores.kill('neo4j')
    const answers = await Promise.all(inFlight)
    expect(answers[0]!.codes).toEqual(['UNAVAILABLE'])
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(2 * LIMITS.reachMs + SLACK_MS)
    await lock.close().catch(() => {})
    await holder.close().catch(() => {})

    await stores.start('neo4j')
    await backByItself()
    for (const orders of batches) expect((await record(orders)).codes).toEqual([])
    expect(await dump(app.driver)).toEqual(wanted)
    await expect.poll(() => outboxSize(app.driver), { timeout: 10_000 }).toBe(0)
  })
})
