import { resolve } from 'node:path'
import { resolveJars } from './jars.ts'
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
  /** `usual` = 7687 and 6379, or a free one where taken. */
  ports?: 'usual' | 'free'
  heapMb?: number
  pageCacheMb?: number
  onProgress?: (message: string) => void
}

export interface EmbeddedServices {
  neo4j?: Neo4jAddress
  redis?: { url: string }
  stop(): Promise<void>
}

/**
 * Starts Neo4j and Redis as processes of this machine, on loopback. They end with stop() and with this process, however it
 * ends. The caller's event loop is not kept alive by them.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServices> {
  const {
    neo4j = true,
    redis = true,
    ports = 'usual',
    heapMb = 1024,
    pageCacheMb = 512,
    onProgress = () => {},
  } = options
  const dataHome = resolve(options.dataHome)
  const java = neo4j ? await findJava() : undefined
  const missing = java && java.command === undefined ? [java.found] : []
  const jars = await resolveJars(resolve(options.jarsHome ?? dataHome), missing, onProgress)
  const usual = (port: number) => (ports === 'usual' ? port : undefined)

  const guard = startGuard(dataHome, onProgress)
  const [neo4jResult, redisResult] = await Promise.allSettled([
    java?.command === undefined
      ? undefined
      : startNeo4j(guard, { dataHome, java: java.command, jars, wantedPort: usual(7687), heapMb, pageCacheMb }),
    redis ? startRedis(guard, { dataHome, jars, wantedPort: usual(6379) }) : undefined,
  ])
  if (neo4jResult.status === 'rejected' || redisResult.status === 'rejected') {
    await guard.stop()
    throw neo4jResult.status === 'rejected' ? neo4jResult.reason : (redisResult as PromiseRejectedResult).reason
  }
  guard.unref()
  return { neo4j: neo4jResult.value, redis: redisResult.value, stop: () => guard.stop() }
}
