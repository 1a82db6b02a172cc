import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { dump } from '../../failure/dump.ts'
import { type Service, startService } from '../../failure/support.ts'
import { createTestApp, startTestApp, testConfig } from '../../support/app.ts'
import { backends, empty } from '../../support/graph.ts'
import { randomOrders, record } from '../../support/shop.ts'
import { startWire } from '../../support/wire.ts'
import { createTestBroker, createTopics, done, eventually, metric, type Topics } from './support.ts'

const broker = createTestBroker()
/** Only keeps the graph: what is read from Kafka comes in by instances of the tests' own. */
const app = createTestApp()
const orders = randomOrders(77, 60, 10)
let wanted: unknown
let topics: Topics
let ends: (() => unknown)[]

beforeAll(async () => {
  await record(app, orders)
  wanted = await dump(app.driver)
})
beforeEach(async () => {
  await empty(app.driver)
  topics = await createTopics(broker)
  ends = []
})
afterEach(async () => {
  for (const end of ends.reverse()) await end()
})

const reader = async (...args: Parameters<typeof startTestApp>) => {
  const started = await startTestApp(...args)
  ends.push(started.stop)
  return started
}
/** Some at a time, as they happen. */
async function sendAll(pauseMs = 20): Promise<void> {
  for (let at = 0; at < orders.length; at += 20) {
    await topics.send('orders', orders.slice(at, at + 20))
    await sleep(pauseMs)
  }
}
/** All there, each once: the graph is the one that the API alone makes. */
const complete = () => eventually(async () => expect(await dump(app.driver)).toEqual(wanted))

describe('Nothing is lost and nothing counted twice', () => {
  it('when one of two instances that share the partitions is killed with work in hand', async () => {
    const instances: Service[] = []
    for (const name of ['one', 'two']) {
      const folder = mkdtempSync(path.join(os.tmpdir(), `alongside-${name}-`))
      ends.push(() => rmSync(folder, { recursive: true, force: true }))
      const service = await startService({ folder, ...backends() }, { ...topics.env, SNAPSHOTS: 'off' })
      ends.push(service.kill)
      instances.push(service)
    }
    const [one, two] = instances as [Service, Service]
    const sending = sendAll(200)
    await eventually(async () => {
      expect(await done(one, 'orders')).toBeGreaterThan(0)
      expect(await done(two, 'orders')).toBeGreaterThan(0)
    })
    await one.kill()
    await sending
    await complete()
    expect(await topics.deadLetters()).toEqual([])
  })

  it.each(['cut', 'hang'] as const)('when the wire to Neo4j is down for a while (%s)', async (fault) => {
    const { neo4j, redis } = backends()
    const wire = await startWire(Number(new URL(neo4j.uri).port))
    ends.push(wire.stop)
    const instance = await reader(topics.env, { neo4j: { ...neo4j, uri: `bolt://127.0.0.1:${wire.port}` }, redis })
    await topics.send('orders', orders.slice(0, 100))
    await eventually(async () => expect(await done(instance, 'orders')).toBeGreaterThan(0))
    wire[fault]()
    await topics.send('orders', orders.slice(100))
    await eventually(async () => expect(await metric(instance, 'alongside_backend_up', { backend: 'neo4j' })).toBe(0))
    await sleep(3_000)
    expect(await metric(instance, 'alongside_kafka_lag', { topic: 'orders' })).toBeGreaterThan(0)
    if (fault === 'hang') wire.cut()
    wire.mend()
    await complete()
    expect(await topics.deadLetters()).toEqual([])
  })

  it('when an instance stops with work in hand, which finishes its batch and says so, and another goes on', async () => {
    const first = await startTestApp(topics.env)
    const sending = sendAll(50)
    await eventually(async () => expect(await done(first, 'orders')).toBeGreaterThan(0))
    await first.stop()
    const second = await reader(topics.env)
    await sending
    await complete()
    expect(await done(second, 'orders')).toBeGreaterThan(0)
    await eventually(async () => expect(await metric(second, 'alongside_kafka_lag', { topic: 'orders' })).toBe(0))
    const twice = { topic: 'orders', outcome: 'duplicate' }
    expect(await metric(second, 'alongside_kafka_messages_total', twice)).toBe(0)
  })

  it('when Kafka is killed with messages on their way, and comes back', async () => {
    const instance = await reader(topics.env)
    await topics.send('orders', orders.slice(0, 300))
    await eventually(async () => expect(await done(instance, 'orders')).toBeGreaterThan(0))
    await broker.kill()
    await eventually(async () =>
      expect(await (await fetch(`${instance.url}/readyz`)).json()).toMatchObject({
        ready: true,
        kafka: { state: 'away', lag: null },
      }),
    )
    expect((await instance.data('{ me { role } }', { role: 'INGEST' })).me.role).toBe('INGEST')
    await broker.start()
    await topics.send('orders', orders.slice(300))
    await complete()
  })
})

describe('A Kafka that is away at the start', () => {
  it('keeps nobody waiting, is told of once, and is read from when it comes', async () => {
    await topics.send('orders', orders)
    await broker.kill()
    const lines: { backend?: string; msg: string }[] = []
    const log = pino({ level: 'info' }, { write: (text: string) => lines.push(JSON.parse(text)) })
    const instance = await createApp(testConfig(topics.env), backends(), log)
    ends.push(instance.stop)
    const said = () => lines.filter(({ backend }) => backend === 'kafka').map(({ msg }) => msg)
    const ready = await fetch(`${instance.url}/readyz`)
    expect([ready.status, await ready.json()]).toMatchObject([200, { kafka: { state: 'away', lag: null } }])
    // Long enough for several attempts.
    await sleep(6_000)
    expect(said()).toEqual(['a backend is away'])
    await broker.start()
    await complete()
    expect(said()).toEqual(['a backend is away', 'a backend is back'])
  })
})
