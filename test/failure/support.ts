import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type App, type Backends, createApp } from '../../src/app.ts'
import { type Role, signToken } from '../../src/auth/viewer.ts'
import { loadConfig } from '../../src/config.ts'
import { isRunning } from '../../src/embedded/claim.ts'
import { resolveJars } from '../../src/embedded/jars.ts'
import { startNeo4j } from '../../src/embedded/neo4j.ts'
import { startRedis } from '../../src/embedded/redis.ts'
import { startGuard } from '../../src/embedded/supervise.ts'
import { findJava } from '../../src/embedded/tools.ts'
import { PROJECT_ROOT } from '../../src/root.ts'
import { type Answer, type Ask, TEST_SECRET, testConfig } from '../support/app.ts'
import { TEST_PII_KEY } from '../support/pii.ts'

type Name = 'neo4j' | 'redis'
export type Stores = Backends & {
  folder: string
  /** SIGKILL, and the process is gone. */
  kill(name: Name): Promise<void>
  /** On the port and with the files it had. */
  start(name: Name): Promise<void>
  /** SIGSTOP: connections stay open and nothing is ever answered. */
  pause(name: Name): Promise<void>
  resume(name: Name): void
  stop(): Promise<void>
}

/** A Neo4j and a Redis of one test file's own, to be killed and started again. */
export async function startStores(): Promise<Stores> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'alongside-failure-'))
  const jars = await resolveJars(loadConfig({ DATA_HOME: process.env.DATA_HOME }).dataHome, [], () => {})
  const java = await findJava()
  const guard = startGuard(folder, () => {})
  const launchNeo4j = (wantedPort?: number) =>
    startNeo4j(guard, { dataHome: folder, java: java.command!, jars, wantedPort, heapMb: 512, pageCacheMb: 64 })
  const launchRedis = (wantedPort?: number) => startRedis(guard, { dataHome: folder, jars, wantedPort })
  const stop = async () => {
    for (const name of ['neo4j', 'redis'] as const) signal(name, 'SIGCONT')
    await guard.stop()
    await rm(folder, { recursive: true, force: true })
  }
  const pidFile = (name: Name) => path.join(folder, name, 'pid')
  const signal = (name: Name, what: NodeJS.Signals) => {
    if (existsSync(pidFile(name))) process.kill(Number(readFileSync(pidFile(name), 'utf8')), what)
  }
  try {
    const [neo4j, redis] = await Promise.all([launchNeo4j(), launchRedis()])
    const portOf = { neo4j: Number(new URL(neo4j.uri).port), redis: Number(new URL(redis.url).port) }
    return {
      folder,
      neo4j,
      redis,
      kill: async (name) => {
        const pid = Number(readFileSync(pidFile(name), 'utf8'))
        process.kill(pid, 'SIGKILL')
        while (isRunning(pid) || existsSync(pidFile(name))) await sleep(20)
      },
      start: async (name) => {
        const launched =
          name === 'neo4j' ? (await launchNeo4j(portOf.neo4j)).uri : (await launchRedis(portOf.redis)).url
        if (Number(new URL(launched).port) !== portOf[name]) throw new Error(`Somebody took the port of ${name}`)
      },
      pause: async (name) => {
        signal(name, 'SIGSTOP')
        // Each of its threads stops in its own time.
        await sleep(100)
      },
      resume: (name) => signal(name, 'SIGCONT'),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const TOKENS = { secret: TEST_SECRET, issuer: 'alongside', audience: 'alongside' }
export const tokenOf = (role: Role) => signToken({ role, subject: role.toLowerCase() }, TOKENS)

export type TimedAnswer = Answer & { ms: number; codes: string[] }

/** Asks over HTTP and tells how long it took. Rejects when the service itself is gone. */
export async function ask(url: string, query: string, { role, variables }: Ask = {}): Promise<TimedAnswer> {
  const started = performance.now()
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(role ? { authorization: `Bearer ${await tokenOf(role)}` } : {}),
    },
    body: JSON.stringify({ query, variables }),
  })
  const answer = (await response.json()) as Omit<Answer, 'status'>
  const codes = (answer.errors ?? []).map(({ extensions }) => extensions.code)
  return { status: response.status, ...answer, codes, ms: performance.now() - started }
}

export const startApp = (stores: Backends): Promise<App> => createApp(testConfig(), stores)

export async function readiness(url: string): Promise<number> {
  return (await fetch(`${url}/readyz`)).status
}

export type Service = {
  url: string
  pid: number
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string>
  kill(): Promise<void>
}

/** The service as its own process, as it runs in production. @throws with what it said when it ends instead. */
export async function startService(
  stores: Pick<Stores, 'folder' | 'neo4j' | 'redis'>,
  settings: Record<string, string> = {},
): Promise<Service> {
  const dataHome = path.join(stores.folder, 'service')
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      NODE_OPTIONS: '--max-old-space-size=512',
      PORT: '0',
      DATA_HOME: dataHome,
      JWT_SECRET: TEST_SECRET,
      PII_KEY: TEST_PII_KEY,
      NEO4J_URI: stores.neo4j.uri,
      NEO4J_PASSWORD: stores.neo4j.password,
      REDIS_URL: stores.redis.url,
      LOG_LEVEL: 'warn',
      ...settings,
    },
  })
  const ended = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal!)),
  )
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const url = await announced(child, path.join(dataHome, 'run.json'), () => said)
  return {
    url,
    pid: child.pid!,
    ended,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function announced(child: ChildProcess, runFile: string, said: () => string): Promise<string> {
  for (let waited = 0; waited < 120_000; waited += 50) {
    if (child.exitCode !== null) throw new Error(`The service ended:\n${said()}`)
    const run = existsSync(runFile) ? parsed(readFileSync(runFile, 'utf8')) : null
    if (run !== null && run.pid === child.pid && run.url) return run.url
    await sleep(50)
  }
  child.kill('SIGKILL')
  throw new Error(`The service did not start:\n${said()}`)
}

/** Null for a file that is half written. */
function parsed(text: string): { pid: number; url?: string } | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
