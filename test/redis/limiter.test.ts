import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLimiter, type Limiter } from '../../src/redis/limiter.ts'
import { connectRedis, type RedisClients } from '../../src/redis/redis.ts'
import { backends } from '../support/graph.ts'
import { startWire } from '../support/wire.ts'

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const unique = () => `someone-${crypto.randomUUID()}`
const ALLOWED = { allowed: true }

describe('The rate limiter', () => {
  const clients: RedisClients[] = []
  let one: RedisClients
  let two: RedisClients

  async function connect(url = backends().redis.url): Promise<RedisClients> {
    const client = await connectRedis({ url })
    clients.push(client)
    return client
  }
  beforeAll(async () => {
    one = await connect()
    two = await connect()
  })
  afterAll(async () => {
    for (const client of clients) await client.stop()
  })

  it('shares one budget between instances, and keeps another’s apart', async () => {
    const [here, there] = [one, two].map(({ run }) => createLimiter(run, { perMinute: 60, burst: 100 })) as [
      Limiter,
      Limiter,
    ]
    const key = unique()
    expect(await here.take(key, 60)).toEqual(ALLOWED)
    expect(await there.take(key, 60)).toMatchObject({ allowed: false })
    expect(await there.take(key, 40)).toEqual(ALLOWED)
    expect(await here.take(key, 5)).toMatchObject({ allowed: false })
    expect(await here.take(unique(), 100)).toEqual(ALLOWED)
  })

  it('lets exactly the budget through, however many ask at once', async () => {
    const limiters = [one, two].map(({ run }) => createLimiter(run, { perMinute: 1, burst: 100 }))
    const key = unique()
    const verdicts = await Promise.all(Array.from({ length: 300 }, (_, n) => limiters[n % 2]!.take(key, 1)))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(100)
  })

  it('says after how many whole seconds it is worth asking again, and it is', async () => {
    const { take } = createLimiter(one.run, { perMinute: 60, burst: 60 })
    const key = unique()
    await take(key, 60)
    expect(await take(key, 10)).toEqual({ allowed: false, retryAfter: 10 })
    expect(await take(key, 0.5)).toEqual({ allowed: false, retryAfter: 1 })
    expect(await take(key, 2)).toEqual({ allowed: false, retryAfter: 2 })
    await sleep(2_000)
    expect(await take(key, 2)).toEqual(ALLOWED)
  })

  it('slides: at no instant more than the burst and what has flowed back, so no window has an edge', async () => {
    const [perSecond, burst] = [100, 100]
    const { take } = createLimiter(one.run, { perMinute: perSecond * 60, burst })
    const key = unique()
    const started = performance.now()
    let taken = 0
    for (let elapsed = 0; elapsed < 2.5; elapsed = (performance.now() - started) / 1000) {
      if ((await take(key, 5)).allowed) taken += 5
      await sleep(5)
      const now = (performance.now() - started) / 1000
      expect(taken).toBeLessThanOrEqual(burst + perSecond * now + 1)
    }
    // What flowed back could be spent.
    expect(taken).toBeGreaterThan(burst + perSecond * 2)
  })

  it('counts what costs more than the burst as the burst, for it would never be allowed', async () => {
    const { take } = createLimiter(one.run, { perMinute: 60, burst: 10 })
    const key = unique()
    expect(await take(key, 1_000)).toEqual(ALLOWED)
    expect(await take(key, 1_000)).toEqual({ allowed: false, retryAfter: 10 })
  })

  it('takes nothing for nothing, and knows no limit when there is none', async () => {
    const { take } = createLimiter(one.run, { perMinute: 60, burst: 1 })
    const key = unique()
    for (const cost of [0, 0, 1]) expect(await take(key, cost)).toEqual(ALLOWED)
    const { take: takeAll } = createLimiter(one.run, { perMinute: 0, burst: 0 })
    expect(await takeAll(key, 1e9)).toEqual(ALLOWED)
  })

  it('keeps no name in Redis, and nothing longer than it counts', async () => {
    const redis = new Redis(backends().redis.url)
    try {
      const before = new Set(await redis.keys('alongside:limit:*'))
      const subject = unique()
      await createLimiter(one.run, { perMinute: 60, burst: 60 }).take(subject, 2)
      const added = (await redis.keys('*')).filter((key) => key.startsWith('alongside:limit:') && !before.has(key))
      expect(added).toHaveLength(1)
      expect(added[0]).not.toContain(subject)
      expect(await redis.pttl(added[0]!)).toBeGreaterThan(0)
      expect(await redis.pttl(added[0]!)).toBeLessThanOrEqual(2_000)
      await expect.poll(() => redis.exists(added[0]!), { timeout: 10_000 }).toBe(0)
    } finally {
      redis.disconnect()
    }
  })

  it('counts by itself while Redis is away, and together again when it is back', async () => {
    const url = new URL(backends().redis.url)
    const wire = await startWire(Number(url.port))
    url.port = String(wire.port)
    try {
      const far = createLimiter((await connect(url.href)).run, { perMinute: 60, burst: 100 })
      const near = createLimiter(one.run, { perMinute: 60, burst: 100 })
      const key = unique()
      expect(await near.take(key, 100)).toEqual(ALLOWED)
      expect(await far.take(key, 50)).toMatchObject({ allowed: false })
      wire.cut()
      expect(await far.take(key, 60)).toEqual(ALLOWED)
      expect(await far.take(key, 60)).toMatchObject({ allowed: false })
      expect(await far.take(key, 40)).toEqual(ALLOWED)
      expect(await far.take(unique(), 100)).toEqual(ALLOWED)
      wire.mend()
      const shared = async () => {
        const fresh = unique()
        await near.take(fresh, 100)
        return (await far.take(fresh, 50)).allowed
      }
      await expect.poll(shared, { timeout: 20_000, interval: 200 }).toBe(false)
    } finally {
      await wire.stop()
    }
  })

  it('by itself remembers ten thousand keys, and forgets the one unused for longest', async () => {
    const { take } = createLimiter((await connect('redis://127.0.0.1:1')).run, { perMinute: 1, burst: 1 })
    const [forgotten, kept] = [unique(), unique()]
    await take(forgotten, 1)
    await take(kept, 1)
    for (let n = 0; n < 5_000; n++) await take(`a-${n}`, 1)
    expect(await take(kept, 1)).toMatchObject({ allowed: false })
    for (let n = 0; n < 5_000; n++) await take(`b-${n}`, 1)
    expect(await take(kept, 1)).toMatchObject({ allowed: false })
    expect(await take(forgotten, 1)).toEqual(ALLOWED)
  })
})
