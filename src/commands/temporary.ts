import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Driver } from 'neo4j-driver'
import { loadConfig } from '../config.ts'
import { startEmbedded } from '../embedded/index.ts'
import { createDriver, type Neo4jSettings } from '../graph/driver.ts'
import { migrate } from '../graph/migrate.ts'
import { createGraph, type Graph } from '../graph/query.ts'

export type Temporary = {
  home: string
  neo4j: Neo4jSettings
  redis: { url: string }
  driver: Driver
  graph: Graph
  /** What else is to end before the databases do. */
  atEnd(stop: () => Promise<unknown>): void
}

/** An empty, migrated graph and a Redis in a temporary folder, for as long as the work takes; never the user's. */
export async function withTemporaryServices<T>(work: (services: Temporary) => Promise<T>): Promise<T> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'alongside-'))
  const { dataHome } = loadConfig({ ...process.env, NEO4J_URI: undefined, REDIS_URL: undefined })
  const stops: (() => Promise<unknown>)[] = [() => rm(home, { recursive: true, force: true })]
  try {
    const options = { dataHome: home, jarsHome: dataHome, ports: 'free', heapMb: 2048, pageCacheMb: 1024 } as const
    const { neo4j, redis, stop } = await startEmbedded(options)
    stops.push(stop)
    const driver = createDriver(neo4j!)
    stops.push(() => driver.close())
    const graph = createGraph(driver)
    await migrate(driver, graph)
    return await work({ home, neo4j: neo4j!, redis: redis!, driver, graph, atEnd: (end) => stops.push(end) })
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}
