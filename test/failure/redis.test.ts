import { type Client, createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import type { App } from '../../src/app.ts'
import { day, order, RECORD } from '../support/shop.ts'
import { outboxSize } from './dump.ts'
import { ask, readiness, type Stores, startApp, startStores, tokenOf } from './support.ts'

/** Generous, for machines that do other things: what is meant is "does not wait for Redis", not a speed. */
const PROMPT_MS = 3_000

describe('While Redis is away', () => {
  let stores: Stores
  let app: App
  let client: Client
  const heard: string[] = []
  let startedInMs: number

  beforeAll(async () => {
    stores = await startStores()
    await stores.kill('redis')
    const started = performance.now()
    app = await startApp(stores)
    startedInMs = performance.now() - started
    const token = await tokenOf('MARKETER')
    client = createClient({
      url: `${app.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${token}` },
    })
    client.subscribe<{ orderRecorded: { id: string } }>(
      { query: 'subscription { orderRecorded { id } }' },
      {
        next: ({ data }) => heard.push(data?.orderRecorded?.id ?? 'nothing'),
        error: (error) => heard.push(`error ${JSON.stringify(error)}`),
        complete: () => {},
      },
    )
  })
  afterAll(async () => {
    await client?.dispose()
    await app?.stop()
    await stores?.stop()
  })

  const send = (id: string) =>
    ask(app.url, RECORD, { role: 'INGEST', variables: { orders: [order(id, 'c1', day(1), ['p1'])] } })
  const back = async (...ids: string[]) => {
    await expect.poll(() => heard, { timeout: 20_000 }).toEqual(expect.arrayContaining(ids))
    await expect.poll(() => outboxSize(app.driver), { timeout: 10_000 }).toBe(0)
  }

  it('the service starts, is ready, answers and records; what it had to publish arrives when Redis comes', async () => {
    expect(startedInMs).toBeLessThan(20_000)
    expect(await readiness(app.url)).toBe(200)
    expect(await send('before-redis')).toMatchObject({ data: { recordOrders: { accepted: 1 } } })
    expect((await ask(app.url, '{ orders { id } }', { role: 'MARKETER' })).data).toEqual({
      orders: [{ id: 'before-redis' }],
    })
    expect(await outboxSize(app.driver)).toBe(1)
    expect(heard).toEqual([])
    await stores.start('redis')
    await back('before-redis')
  })

  it('a Redis that is killed costs no request anything, and subscribers hear of all that happened when it is back', async () => {
    await stores.kill('redis')
    const answers = []
    for (let n = 0; n < 10; n++) answers.push(await send(`killed-${n}`))
    expect(answers.map(({ codes }) => codes)).toEqual(Array(10).fill([]))
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(PROMPT_MS)
    expect(await readiness(app.url)).toBe(200)
    expect(await outboxSize(app.driver)).toBe(10)
    await stores.start('redis')
    await back(...answers.map((_, n) => `killed-${n}`))
  })

  it('a Redis that hangs holds nobody up, and loses nothing', async () => {
    await stores.pause('redis')
    const answers = []
    for (let n = 0; n < 5; n++) answers.push(await send(`hung-${n}`))
    expect(answers.map(({ codes }) => codes)).toEqual(Array(5).fill([]))
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(PROMPT_MS)
    stores.resume('redis')
    await back(...answers.map((_, n) => `hung-${n}`))
  })
})
