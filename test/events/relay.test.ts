import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Redis } from 'ioredis'
import type { Driver } from 'neo4j-driver'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startRelay } from '../../src/events/relay.ts'
import { createBus } from '../../src/redis/bus.ts'
import { connectRedis } from '../../src/redis/redis.ts'
import { outboxSize } from '../failure/dump.ts'
import { type Service, startService } from '../failure/support.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { backends, createTestGraph, cypher } from '../support/graph.ts'
import { day, order, record } from '../support/shop.ts'
import { watchStalls } from '../support/stalls.ts'

const TAKEN_OVER_MS = 5_000

describe('The outbox of several instances', () => {
  const test = createTestGraph()
  const stalled = watchStalls()
  let listener: Redis
  let folder: string
  /** Which orders the bus told of, in its order. */
  const heard: { orderId: string; customerId: string }[] = []
  const ends: (() => unknown)[] = []

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'alongside-relay-'))
    listener = new Redis(backends().redis.url)
    listener.on('message', (_channel, text) => heard.push(JSON.parse(text).payload))
    await listener.subscribe('alongside:orderRecorded')
  })
  beforeEach(() => {
    heard.length = 0
  })
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
    await cypher(test.driver, "MATCH (l:Lock {id: 'relay'}) DELETE l")
  })
  afterAll(async () => {
    listener?.disconnect()
    await rm(folder, { recursive: true, force: true })
  })

  const instance = async () => {
    const app = await startTestApp()
    ends.push(app.stop)
    return app
  }
  const childProcess = async (): Promise<Service> => {
    const service = await startService({ ...backends(), folder })
    ends.push(service.kill)
    return service
  }
  const holder = () => holderIn(test.driver)
  let n = 0
  const buy = async (on: TestApp, customerId = 'c1') => {
    const id = `relayed-${n++}`
    await record(on, [order(id, customerId, day(1), [`p${n % 7}`])])
    return id
  }
  /** All of these, and each once: what comes later than the last of them would have come by then. */
  const once = async (on: TestApp, ids: string[]) => {
    const last = await buy(on)
    await expect.poll(() => heard.map(({ orderId }) => orderId), { timeout: 20_000 }).toContain(last)
    expect(heard.map(({ orderId }) => orderId).sort()).toEqual([...ids, last].sort())
    await expect.poll(() => outboxSize(test.driver)).toBe(0)
  }

  it('is published each row once, and of a customer in the order it was written in, whoever wrote it', async () => {
    const instances = [await instance(), await instance()]
    const wanted = new Map<string, string[]>()
    const writer = async (id: string, at: number) => {
      const ids: string[] = []
      for (let turn = 0; turn < 12; turn++) ids.push(await buy(instances[(turn + at) % 2]!, id))
      wanted.set(id, ids)
    }
    await Promise.all(Array.from({ length: 8 }, (_, at) => writer(`writer-${at}`, at)))
    await once(instances[1]!, [...wanted.values()].flat())
    for (const [id, ids] of wanted)
      expect(heard.filter(({ customerId }) => customerId === id).map(({ orderId }) => orderId)).toEqual(ids)
  })

  it('is published at once wherever it was written: an instance that does not publish tells the one that does', async () => {
    const relay = async () => {
      const redis = await connectRedis(backends().redis)
      const failures: unknown[] = []
      // None of the two would look by itself before this test is over.
      const never = { intervalMs: 3_600_000, leaseMs: 3_600_000, onError: (error: unknown) => failures.push(error) }
      const started = startRelay(test.graph, await createBus(redis), never)
      ends.push(redis.stop, started.stop)
      return { ...started, failures }
    }
    const first = await relay()
    await expect.poll(holder).not.toBeNull()
    const [held, second] = [await holder(), await relay()]
    for (const { kick } of [second, first, second]) {
      const payload = { orderId: `told-${n++}`, customerId: 'c1' }
      await test.graph.query('events/write', { id: payload.orderId, topic: 'orderRecorded', key: 'c1', payload })
      kick()
      await expect.poll(() => heard.at(-1), { timeout: 20_000 }).toEqual(payload)
    }
    expect(await holder()).toBe(held)
    expect([...first.failures, ...second.failures]).toEqual([])
  })

  it('is taken over within 5 s when who published is killed, and nothing is lost', async () => {
    const doomed = await childProcess()
    const held = await holder()
    const app = await instance()
    expect(held).not.toBeNull()
    const ids = [await buy(app), await buy(app, 'c2')]
    await doomed.kill()
    const killed = performance.now()
    for (let more = 0; more < 5; more++) ids.push(await buy(app, `c${more}`))
    await expect.poll(holder, { timeout: 20_000, interval: 20 }).not.toBe(held)
    expect(performance.now() - killed).toBeLessThan(TAKEN_OVER_MS + stalled())
    await once(app, ids)
  })

  it('is taken over from one that hangs, which publishes nothing when it goes on', async () => {
    const hanging = await childProcess()
    const held = await holder()
    const app = await instance()
    process.kill(hanging.pid, 'SIGSTOP')
    ends.push(() => process.kill(hanging.pid, 'SIGCONT'))
    const ids: string[] = []
    for (let more = 0; more < 5; more++) ids.push(await buy(app))
    await expect.poll(holder, { timeout: 20_000, interval: 20 }).not.toBe(held)
    const taken = await holder()
    process.kill(hanging.pid, 'SIGCONT')
    for (let more = 0; more < 20; more++) ids.push(await buy(app))
    await once(app, ids)
    expect(await holder()).toBe(taken)
  })

  it('is given up by an instance that stops, and taken by another', async () => {
    const leaving = await startTestApp()
    await expect.poll(holder).not.toBeNull()
    const held = await holder()
    const app = await instance()
    await leaving.stop()
    expect(await holder()).not.toBe(held)
    await expect.poll(holder).not.toBeNull()
    await once(app, [await buy(app)])
  })
})

async function holderIn(driver: Driver): Promise<string | null> {
  const text = "MATCH (l:Lock {id: 'relay'}) RETURN l.holder AS holder"
  return (await cypher<{ holder: string | null }>(driver, text))[0]?.holder ?? null
}
