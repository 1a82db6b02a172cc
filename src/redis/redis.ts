import { Redis, type RedisOptions } from 'ioredis'

/** Commands are refused at once while Redis is away: nobody waits in a queue that may never move. */
const OPTIONS: RedisOptions = {
  enableOfflineQueue: false,
  commandTimeout: 1_000,
  connectTimeout: 2_000,
  maxRetriesPerRequest: 1,
  retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
}

export type RedisClients = { publisher: Redis; subscriber: Redis; stop(): Promise<void> }

export async function connectRedis(url: string, onError: (error: unknown) => void): Promise<RedisClients> {
  const publisher = new Redis(url, { ...OPTIONS, lazyConnect: true })
  const subscriber = new Redis(url, { ...OPTIONS, lazyConnect: true, autoResubscribe: true })
  for (const client of [publisher, subscriber]) client.on('error', onError)
  await Promise.all([publisher.connect(), subscriber.connect()])
  return {
    publisher,
    subscriber,
    stop: async () => {
      publisher.disconnect()
      subscriber.disconnect()
    },
  }
}
