import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Driver } from 'neo4j-driver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDriver } from '../../src/graph/driver.ts'
import { seeded } from '../../src/random.ts'
import { empty } from '../support/graph.ts'
import { randomOrders } from '../support/shop.ts'
import { dump, outboxSize } from './dump.ts'
import { type Service, type Stores, startService, startStores } from './support.ts'
import { counter, startWriters } from './writers.ts'

const KILLS = 3
const orders = randomOrders(21, 60, 5)
const batches = Array.from({ length: orders.length / 10 }, (_, at) => orders.slice(at * 10, at * 10 + 10))

describe('kill -9 of the service', () => {
  let stores: Stores
  let service: Service | undefined
  let driver: Driver
  let listener: Redis
  const published: string[] = []

  beforeAll(async () => {
    stores = await startStores()
    driver = createDriver(stores.neo4j)
    listener = new Redis(stores.redis.url)
    listener.on('message', (_channel, text) => published.push(JSON.parse(text).payload.orderId))
    await listener.subscribe('alongside:orderRecorded')
    service = await startService(stores)
  })
  afterAll(async () => {
    await service?.kill()
    listener?.disconnect()
    await driver?.close()
    await stores?.stop()
  })

  it('amid four writers, again and again, ends in the graph of a run without faults, and loses no event', async () => {
    await startWriters(batches, () => service!.url).done
    await expect.poll(() => outboxSize(driver), { timeout: 20_000 }).toBe(0)
    const wanted = await dump(driver)
    expect(wanted.orders).toHaveLength(orders.length)
    await empty(driver)
    published.length = 0

    const next = seeded(33)
    let count = () => {}
    const { so, done } = startWriters(
      batches,
      () => service!.url,
      () => count(),
    )
    for (let kill = 0; kill < KILLS; kill++) {
      // After some answers and a little more, so that it falls somewhere inside a batch.
      const some = counter(2 + Math.floor(next() * 5))
      count = some.count
      await some.reached
      await sleep(next() * 30)
      await service!.kill()
      service = await startService(stores)
    }
    await done
    expect(so.acknowledged.size).toBe(orders.length)
    expect(so.broken).toBeGreaterThan(0)
    expect(so.refused).toEqual([])
    expect(await dump(driver)).toEqual(wanted)
    await expect.poll(() => outboxSize(driver), { timeout: 20_000 }).toBe(0)
    await expect
      .poll(() => orders.filter(({ id }) => !published.includes(id)).map(({ id }) => id), { timeout: 10_000 })
      .toEqual([])
  })
})
