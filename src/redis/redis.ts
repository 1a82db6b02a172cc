import { readFileSync } from 'node:fs'
import { Redis, type RedisOptions } from 'ioredis'
import { type Breaker, createBreaker } from '../observability/breaker.ts'

/** Commands are refused at once while Redis is away: nobody waits in a queue that may never move. */
const OPTIONS: RedisOptions = {
  enableOfflineQueue: false,
  commandTimeout: 1_000,
  connectTimeout: 2_000,
  maxRetriesPerRequest: 1,
  retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  lazyConnect: true,
}
/** A subscriber only listens, so it has to ask whether anybody is still there. */
const HEARTBEAT_MS = 5_000

export type RedisClients = {
  /** Runs one command, for 1 s at most. @throws RedisAway at once while Redis is known to be away. */
  run<T>(command: (client: Redis) => Promise<T>): Promise<T>
  subscriber: Redis
  stop(): Promise<void>
}

export class RedisAway extends Error {
  constructor(cause?: unknown) {
    super('Redis is away', { cause })
  }
}

/** `ca` is a PEM file: the authority that the certificate of a rediss:// URL must come from, instead of the usual ones. */
export type RedisSettings = { url: string; ca?: string | undefined }

/** Never fails and waits 2 s at most: a Redis that is away is connected to when it comes. */
export async function connectRedis(
  { url, ca }: RedisSettings,
  breaker: Breaker = createBreaker(),
): Promise<RedisClients> {
  const options = ca && url.startsWith('rediss:') ? { ...OPTIONS, tls: { ca: readFileSync(ca) } } : OPTIONS
  const publisher = new Redis(url, options)
  // Who subscribes does so again on every "ready".
  const subscriber = new Redis(url, { ...options, autoResubscribe: false })
  let why: unknown
  for (const client of [publisher, subscriber]) {
    client.on('error', (error) => {
      why = error
    })
  }
  publisher.on('ready', () => breaker.worked())
  publisher.on('close', () => breaker.failed(why))

  const heartbeat = setInterval(() => {
    if (subscriber.status === 'ready') subscriber.ping().catch(() => subscriber.disconnect(true))
  }, HEARTBEAT_MS)
  await Promise.allSettled([publisher.connect(), subscriber.connect()])
  return {
    run: async (command) => {
      if (publisher.status !== 'ready' || breaker.refuses()) throw new RedisAway(why)
      try {
        const answer = await command(publisher)
        breaker.worked()
        return answer
      } catch (error) {
        // An error that Redis itself replied with is a sign of life.
        if ((error as Error).name === 'ReplyError') throw error
        breaker.failed(error)
        throw new RedisAway(error)
      }
    },
    subscriber,
    stop: async () => {
      clearInterval(heartbeat)
      publisher.removeAllListeners('close')
      publisher.disconnect()
      subscriber.disconnect()
    },
  }
}
