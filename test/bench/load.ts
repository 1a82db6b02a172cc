import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Driver } from 'neo4j-driver'
import { loadConfig } from '../../src/config.ts'
import { startEmbedded } from '../../src/embedded/index.ts'
import { createDriver, type Neo4jSettings } from '../../src/graph/driver.ts'
import { migrate } from '../../src/graph/migrate.ts'
import { createGraph } from '../../src/graph/query.ts'
import { NOT_MERCHANDISE } from '../../src/modules/catalog/merchandise.ts'
import { PROJECT_ROOT } from '../../src/root.ts'
import type { Bench } from './bench.ts'
import { STEPS } from './loadCsv.ts'

/** LOAD CSV has to hold all orders to sum their lines: with 2 GB it ends for want of memory. */
const HEAP_MB = 4096

/** `npm run load` as its own process into an empty graph, beside LOAD CSV of the same statements in the server of another one. */
export default async function load({ dataDir, sample, row, note }: Bench): Promise<void> {
  const data = dataDir ?? sample
  note('ours: rows checked, rejects kept, resumable, two batches of orders at a time; into a fresh Neo4j')
  note(
    'LOAD CSV: the same statements wrapped in CALL … IN TRANSACTIONS of as many rows, one at a time, nothing checked; same settings, a heap of 4 GB each',
  )
  const ours = await onFreshNeo4j(async (neo4j, driver) => {
    const started = performance.now()
    const peakMb = await loadByCommand(neo4j, data)
    return { seconds: (performance.now() - started) / 1000, peakMb, size: await size(driver) }
  })
  row({ what: 'npm run load', seconds: round(ours.seconds), 'peak MB': Math.round(ours.peakMb), ...ours.size })

  const theirs = await onFreshNeo4j(async (_neo4j, driver, home) => {
    for (const file of readdirSync(data).filter((name) => name.endsWith('.gz')))
      copyFileSync(path.join(data, file), path.join(home, 'neo4j', 'import', file))
    const started = performance.now()
    for (const { name, text } of STEPS) {
      const at = performance.now()
      await inServer(driver, text)
      note(`LOAD CSV ${name}: ${round((performance.now() - at) / 1000)} s`)
    }
    return { seconds: (performance.now() - started) / 1000, size: await size(driver) }
  })
  row({ what: 'LOAD CSV', seconds: round(theirs.seconds), ...theirs.size })
  note(`ratio: ${round(ours.seconds / theirs.seconds)}`)
}

async function onFreshNeo4j<T>(work: (neo4j: Neo4jSettings, driver: Driver, home: string) => Promise<T>): Promise<T> {
  const dataHome = mkdtempSync(path.join(os.tmpdir(), 'alongside-bench-load-'))
  const jarsHome = loadConfig({}).dataHome
  const services = await startEmbedded({
    dataHome,
    jarsHome,
    ports: 'free',
    redis: false,
    heapMb: HEAP_MB,
    pageCacheMb: 1024,
  })
  const driver = createDriver(services.neo4j!)
  try {
    await migrate(driver, createGraph(driver))
    return await work(services.neo4j!, driver, dataHome)
  } finally {
    await driver.close()
    await services.stop()
    rmSync(dataHome, { recursive: true, force: true })
  }
}

/** The most memory its process had, in MB. */
async function loadByCommand({ uri, username, password }: Neo4jSettings, data: string): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/commands/load.ts', '--data', data], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NEO4J_URI: uri, NEO4J_USERNAME: username, NEO4J_PASSWORD: password },
  })
  let peakKb = 0
  const watch = setInterval(() => {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))
    peakKb = Math.max(peakKb, Number(found?.[1] ?? 0))
  }, 100)
  const [code] = await once(child, 'exit')
  clearInterval(watch)
  if (code !== 0) throw new Error(`The load ended with ${code}`)
  return peakKb / 1024
}

async function inServer(driver: Driver, text: string): Promise<void> {
  const session = driver.session()
  try {
    await session.run(text, NOT_MERCHANDISE)
  } finally {
    await session.close()
  }
}

async function size(driver: Driver): Promise<{ nodes: number; relationships: number }> {
  const text = 'RETURN COUNT { () } AS nodes, COUNT { ()-->() } AS relationships'
  const { records } = await driver.executeQuery(text)
  return { nodes: records[0]!.get('nodes').toNumber(), relationships: records[0]!.get('relationships').toNumber() }
}

const round = (value: number) => Math.round(value * 100) / 100
