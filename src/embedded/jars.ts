import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { claim, release } from './claim.ts'
import { findMaven, missingTools, run, tail } from './tools.ts'

export interface Jars {
  /** Neo4j's class path. */
  lib: string
  /** APOC Core alone: Neo4j finds its functions only in a plugins folder. */
  plugins: string
  redisServer: string
}

interface Bundle {
  pom: string
  /** Of the folder it is kept in, before the hash of its pom. */
  name: string
  what: string
  megabytes: number
}

const pomFile = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const databases: Bundle = { pom: pomFile('./pom.xml'), name: 'jars', what: 'Neo4j and Redis', megabytes: 150 }
const broker: Bundle = { pom: pomFile('./kafka-pom.xml'), name: 'kafka', what: 'Kafka', megabytes: 50 }
const waitForOtherMs = 15 * 60_000

const redisBinaries: Partial<Record<string, string>> = {
  'linux-x64': 'redis-server-6.2.6-v5-linux-amd64',
  'linux-arm64': 'redis-server-6.2.7-linux-arm64',
  'linux-ia32': 'redis-server-6.2.7-linux-386',
  'darwin-x64': 'redis-server-6.2.6-v5-darwin-amd64',
  'darwin-arm64': 'redis-server-6.2.6-v5-darwin-arm64',
  'win32-x64': 'redis-server-5.0.14.1-windows-amd64.exe',
}

type OnProgress = (message: string) => void

/** The servers' files, fetched by Maven once per content of pom.xml. `missing` is what else was not found. */
export async function resolveJars(home: string, missing: string[], onProgress: OnProgress): Promise<Jars> {
  return describe(await resolveBundle(databases, home, missing, onProgress))
}

/** Kafka's class path, in the same way. */
export async function resolveKafkaLib(home: string, missing: string[], onProgress: OnProgress): Promise<string> {
  return join(await resolveBundle(broker, home, missing, onProgress), 'lib')
}

async function resolveBundle(bundle: Bundle, home: string, missing: string[], onProgress: OnProgress): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(bundle.pom)).digest('hex').slice(0, 12)
  const folder = join(home, `${bundle.name}-${hash}`)
  const maven = findMaven()
  if (!existsSync(folder) && !maven) throw missingTools([...missing, 'no Maven'])
  if (missing.length > 0) throw missingTools(missing)
  if (!existsSync(folder) && maven) await fetchInto(folder, bundle, maven, onProgress)
  return folder
}

/** Fills a folder beside the final one and renames it, so that a half-filled one is never used. One process at a time. */
async function fetchInto(folder: string, bundle: Bundle, maven: string, onProgress: OnProgress): Promise<void> {
  const { pom, what, megabytes } = bundle
  const home = join(folder, '..')
  mkdirSync(home, { recursive: true })
  const lock = `${folder}.lock`
  const holder = { pid: process.pid, marker: '', owner: process.pid, nonce: randomBytes(8).toString('hex') }
  await claim(lock, holder, { livingOwnerMs: waitForOtherMs, dyingOwnerMs: 0 }, (other, seconds) =>
    onProgress(`Process ${other.owner} is fetching ${what} (${seconds} s)…`),
  )
  try {
    if (existsSync(folder)) return
    for (const name of readdirSync(home)) {
      if (name.startsWith(`${basename(folder)}.partial-`)) rmSync(join(home, name), { recursive: true, force: true })
    }
    const partial = `${folder}.partial-${holder.nonce}`
    onProgress(`Fetching ${what} with Maven (about ${megabytes} MB, once)…`)
    const args = ['-q', '-B', '-f', pom, 'generate-resources', `-Dtarget.folder=${partial}`]
    const { code, output } = await run(maven, args, (seconds) => onProgress(`Fetching ${what} (${seconds} s)…`))
    if (code !== 0) {
      rmSync(partial, { recursive: true, force: true })
      throw new Error(`Maven could not fetch ${what} (exit code ${code}):\n${tail(output)}`)
    }
    const redis = join(partial, 'redis')
    if (existsSync(redis)) for (const name of readdirSync(redis)) chmodSync(join(redis, name), 0o755)
    renameSync(partial, folder)
  } finally {
    release(lock, holder)
  }
}

function describe(folder: string): Jars {
  const platform = `${process.platform}-${process.arch}`
  const binary = redisBinaries[platform]
  if (!binary) throw new Error(`No Redis is packaged for ${platform}. Set REDIS_URL to a Redis of your own.`)
  return { lib: join(folder, 'lib'), plugins: join(folder, 'plugins'), redisServer: join(folder, 'redis', binary) }
}
