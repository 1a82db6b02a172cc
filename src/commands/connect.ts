import { loadConfig } from '../config.ts'
import { createDriver, type Neo4jSettings } from '../graph/driver.ts'
import { migrate } from '../graph/migrate.ts'
import { createGraph, type Graph } from '../graph/query.ts'
import { readRunFile } from '../run-file.ts'

export type Connected = { graph: Graph; settings: Neo4jSettings; close(): Promise<void> }

/** The graph a command works on: NEO4J_URI, or that of the service running on this DATA_HOME. */
export async function connectForCommand(): Promise<Connected> {
  const config = loadConfig()
  const settings = config.neo4j ?? readRunFile(config.dataHome)?.neo4j
  if (!settings) {
    throw new Error(
      `Nothing runs on ${config.dataHome}. Start the service (npm start) or its database (npm run services) in another terminal, or set NEO4J_URI and NEO4J_PASSWORD.`,
    )
  }
  const driver = createDriver(settings)
  const graph = createGraph(driver, { database: settings.database })
  await graph.ping()
  await migrate(driver, graph, settings.database)
  return { graph, settings, close: () => driver.close() }
}

/** Runs a command: its result is the exit code, an error is one readable line. */
export function runCommand(command: () => Promise<void>): void {
  command().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
}
