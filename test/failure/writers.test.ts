import { setTimeout as sleep } from 'node:timers/promises'
import type { Driver } from 'neo4j-driver'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { App } from '../../src/app.ts'
import { createDriver, LIMITS } from '../../src/graph/driver.ts'
import { cypher, empty } from '../support/graph.ts'
import { RECORD, randomOrders } from '../support/shop.ts'
import { startWire, type Wire } from '../support/wire.ts'
import { dump, outboxSize } from './dump.ts'
import { ask, readiness, type Stores, startApp, startStores } from './support.ts'
import { counter, startWriters, type Written } from './writers.ts'

/** What a busy machine may add to a limit. */
const SLACK_MS = 2_500
const orders = randomOrders(12, 60, 6)
const batches = Array.from({ length: orders.length / 6 }, (_, at) => orders.slice(at * 6, at * 6 + 6))

describe('While four writers record orders, each again until it is acknowledged,', () => {
  let stores: Stores
  let wire: Wire
  let app: App
  /** Looks on from outside the service. */
  let watcher: Driver
  /** The graph of a run without faults. */
  let wanted: Awaited<ReturnType<typeof dump>>

  beforeAll(async () => {
    stores = await startStores()
    const { neo4j, redis } = stores
    wire = await startWire(Number(new URL(neo4j.uri).port))
    app = await startApp({ neo4j: { ...neo4j, uri: `bolt://127.0.0.1:${wire.port}` }, redis })
    watcher = createDriver(neo4j)
    for (const batch of batches) await ask(app.url, RECORD, { role: 'INGEST', variables: { orders: batch } })
    wanted = await dump(watcher)
    expect(wanted.orders).toHaveLength(orders.length)
  })
  beforeEach(() => empty(watcher))
  afterAll(async () => {
    await app?.stop()
    await watcher?.close()
    await wire?.stop()
    await stores?.stop()
  })

  const recorded = async () => {
    const rows = await cypher<{ id: string }>(watcher, 'MATCH (:Customer)-[:PLACED]->(o:Order) RETURN o.id AS id')
    return new Set(rows.map(({ id }) => id))
  }
  async function expectWhole({ acknowledged, accepted, refused, broken }: Written, withinMs: number) {
    expect(acknowledged.size).toBe(orders.length)
    expect(accepted).toBeLessThanOrEqual(orders.length)
    expect(broken).toBe(0)
    expect(Math.max(0, ...refused.map(({ ms }) => ms))).toBeLessThan(withinMs + SLACK_MS)
    expect(await dump(watcher)).toEqual(wanted)
    await expect.poll(() => outboxSize(watcher), { timeout: 20_000 }).toBe(0)
    expect(await readiness(app.url)).toBe(200)
  }

  it.each([[['neo4j']], [['redis']], [['neo4j', 'redis']]] as const)(
    'kill -9 of %j amid it changes nothing in the end, and what was acknowledged is there',
    async (names) => {
      const { count, reached } = counter(10)
      const { so, done } = startWriters(batches, () => app.url, count)
      await reached
      const before = new Set(so.acknowledged)
      await Promise.all(names.map((name) => stores.kill(name)))
      // Long enough for every writer to be refused.
      await sleep(1_500)
      await Promise.all(names.map((name) => stores.start(name)))
      const there = await recorded()
      expect([...before].filter((id) => !there.has(id))).toEqual([])
      await done
      expect(so.refused.length > 0).toBe((names as readonly string[]).includes('neo4j'))
      await expectWhole(so, 2 * LIMITS.reachMs)
    },
  )

  it('a Neo4j that is slow, then hardly answers at all, refuses in time what it cannot do, and all is there in the end', async () => {
    const { count, reached } = counter(10)
    const { so, done } = startWriters(batches, () => app.url, count)
    await reached
    wire.slow(100)
    await sleep(4_000)
    expect(so.refused).toEqual([])
    const slowly = so.acknowledged.size
    wire.slow(2 * LIMITS.reachMs)
    await expect.poll(() => so.refused.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(4)
    expect(await readiness(app.url)).toBe(503)
    expect(so.acknowledged.size).toBeLessThan(orders.length)
    expect(so.acknowledged.size).toBeGreaterThanOrEqual(slowly)
    // Connections that are still waiting stay slow: they end like any that hang.
    wire.mend()
    await done
    const { aliveMs, aliveTries, probeMs } = LIMITS
    await expectWhole(so, aliveMs + aliveTries * probeMs)
  })
})
