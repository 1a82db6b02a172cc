import { resolve } from 'node:path'
import { resolveJars, resolveKafkaLib } from './jars.ts'
import { type KafkaAddress, startKafka } from './kafka.ts'
import { type Neo4jAddress, startNeo4j } from './neo4j.ts'
import { startRedis } from './redis.ts'
import { startGuard } from './supervise.ts'
import { findJava } from './tools.ts'

export { neo4jPasswordFile } from './neo4j.ts'
export { redisPasswordFile } from './redis.ts'

export interface EmbeddedOptions {
  /** Holds the stores, their logs and passwords: one process at a time. */
  dataHome: string
  /** Holds what Maven fetches, which many data homes may share. Default: dataHome. */
  jarsHome?: string
  neo4j?: boolean
  redis?: boolean
  /** Default: no. */
  kafka?: boolean
  /** `usual` = 7687, 6379 and 9092, or a free one where taken. */
  ports?: 'usual' | 'free'
  heapMb?: number
  pageCacheMb?: number
  onProgress?: (message: string) => void
}

export interface EmbeddedServices {
  neo4j?: Neo4jAddress
  redis?: { url: string }
  kafka?: KafkaAddress
  stop(): Promise<void>
}

/**
 * Starts Neo4j and Redis, and Kafka where it is asked for, as processes of this machine, on loopback. They end with stop() and with
 * this process, however it ends. The caller's event loop is not kept alive by them.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServices> {
  const {
    neo4j = true,
    redis = true,
    kafka = false,
    ports = 'usual',
    heapMb = 1024,
    pageCacheMb = 512,
    onProgress = () => {},
  } = options
  const dataHome = resolve(options.dataHome)
  const jarsHome = resolve(options.jarsHome ?? dataHome)
  const search = neo4j || kafka ? await findJava() : undefined
  const missing = search && search.command === undefined ? [search.found] : []
  const java = search?.command
  const jars = neo4j || redis ? await resolveJars(jarsHome, missing, onProgress) : undefined
  const lib = kafka ? await resolveKafkaLib(jarsHome, missing, onProgress) : undefined
  const usual = (port: number) => (ports === 'usual' ? port : undefined)

  const guard = startGuard(dataHome, onProgress)
  const started = {
    neo4j:
      neo4j && jars && java
        ? startNeo4j(guard, { dataHome, java, jars, wantedPort: usual(7687), heapMb, pageCacheMb })
        : undefined,
    redis: redis && jars ? startRedis(guard, { dataHome, jars, wantedPort: usual(6379) }) : undefined,
    kafka: lib && java ? startKafka(guard, { dataHome, java, lib, wantedPort: usual(9092) }) : undefined,
  }
  const failed = (await Promise.allSettled(Object.values(started))).find(({ status }) => status === 'rejected')
  if (failed) {
    await guard.stop()
    throw (failed as PromiseRejectedResult).reason
  }
  guard.unref()
  return {
    neo4j: await started.neo4j,
    redis: await started.redis,
    kafka: await started.kafka,
    stop: () => guard.stop(),
  }
}
