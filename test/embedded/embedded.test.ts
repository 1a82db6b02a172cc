import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import neo4j, { type Driver } from 'neo4j-driver'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type EmbeddedOptions,
  type EmbeddedServices,
  neo4jPasswordFile,
  redisPasswordFile,
  startEmbedded,
} from '../../src/embedded/index.ts'

const root = path.resolve(import.meta.dirname, '../..')
const jarsHome = process.env.DATA_HOME ?? path.join(os.homedir(), '.local/share/alongside')
const tsx = ['--import', 'tsx']

let dataHome: string
let cleanups: (() => unknown)[]

beforeEach(() => {
  dataHome = mkdtempSync(path.join(os.tmpdir(), 'alongside-embedded-'))
  cleanups = [() => rmSync(dataHome, { recursive: true, force: true })]
})
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup()
})

async function start(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedServices> {
  const services = await startEmbedded({
    dataHome,
    jarsHome,
    ports: 'free',
    heapMb: 512,
    pageCacheMb: 64,
    ...options,
  })
  cleanups.push(() => services.stop())
  return services
}

async function withDriver<T>(address: EmbeddedServices['neo4j'], use: (driver: Driver) => Promise<T>): Promise<T> {
  const { uri, username, password } = address!
  const driver = neo4j.driver(uri, neo4j.auth.basic(username, password), { disableLosslessIntegers: true })
  try {
    return await use(driver)
  } finally {
    await driver.close()
  }
}

const cypher = (services: Pick<EmbeddedServices, 'neo4j'>, statement: string): Promise<unknown[]> =>
  withDriver(services.neo4j, async (driver) => {
    const { records } = await driver.executeQuery(statement)
    return records.map((record) => record.get(0))
  })

/** What Redis answers to the last command. */
function redis(services: Pick<EmbeddedServices, 'redis'>, ...commands: string[]): Promise<string> {
  const { port, password } = new URL(services.redis!.url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write([`AUTH ${password}`, ...commands, 'QUIT'].map((line) => `${line}\r\n`).join(''))
    })
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.once('error', reject)
    socket.once('close', () => resolve(answer.trim().split('\r\n').at(-2) ?? ''))
  })
}

const pidOf = (service: string) => Number(readFileSync(path.join(dataHome, service, 'pid'), 'utf8'))
const alive = (pid: number) => existsSync(`/proc/${pid}/exe`) && readFileSync(`/proc/${pid}/cmdline`).length > 0

async function until(condition: () => boolean, withinMs: number): Promise<boolean> {
  for (const begun = Date.now(); Date.now() - begun < withinMs; await sleep(100)) if (condition()) return true
  return false
}

/** A process that starts the services, prints their addresses and stays. */
async function startParent(): Promise<{ parent: ChildProcess; services: EmbeddedServices }> {
  const module = JSON.stringify(pathToFileURL(path.join(root, 'src/embedded/index.ts')).href)
  const options = JSON.stringify({ dataHome, jarsHome, ports: 'free', heapMb: 512, pageCacheMb: 64 })
  const script = `import { startEmbedded } from ${module}
    console.log(JSON.stringify(await startEmbedded(${options})))
    setInterval(() => {}, 1000)`
  const parent = spawn(process.execPath, [...tsx, '--input-type=module', '-e', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanups.push(() => parent.kill('SIGKILL'))
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  return { parent, services: JSON.parse(line.toString()) as EmbeddedServices }
}

async function occupy(port: number): Promise<void> {
  const server: Server = createServer()
  await new Promise<void>((resolve) => {
    // Taken by somebody else already: as good.
    server.once('error', () => resolve())
    server.listen(port, '127.0.0.1', resolve)
  })
  cleanups.push(() => server.close())
}

describe('The embedded services', () => {
  test('answer a query and a PING, and keep what was written over a stop and a start', async () => {
    const first = await start()
    expect(await cypher(first, "CREATE (n:Kept {word: 'stays'}) RETURN n.word")).toEqual(['stays'])
    expect(await redis(first, 'PING')).toBe('+PONG')
    expect(await redis(first, 'SET kept stays')).toBe('+OK')
    await first.stop()

    const second = await start()
    expect(await cypher(second, 'MATCH (n:Kept) RETURN n.word')).toEqual(['stays'])
    expect(await redis(second, 'GET kept')).toBe('stays')
  })

  test('let in only those who know the password, whose files only their owner may read', async () => {
    const services = await start()
    for (const file of [neo4jPasswordFile(dataHome), redisPasswordFile(dataHome)]) {
      expect(statSync(file).mode & 0o777, file).toBe(0o600)
    }
    expect(statSync(path.join(dataHome, 'redis/redis.conf')).mode & 0o777).toBe(0o600)
    expect(readFileSync(neo4jPasswordFile(dataHome), 'utf8')).toBe(services.neo4j!.password)
    await expect(
      cypher({ neo4j: { ...services.neo4j!, password: 'neo4j' } }, 'RETURN 1'),
      'the default password',
    ).rejects.toMatchObject({ code: 'Neo.ClientError.Security.Unauthorized' })
    expect(await redis({ redis: { url: services.redis!.url.replace(/:\w+@/, ':wrong@') } }, 'PING')).toMatch(/^-NOAUTH/)
  })

  test('read no files, fetch nothing, and run only the few APOC functions that @neo4j/graphql needs', async () => {
    const services = await start({ redis: false })
    await expect(cypher(services, "LOAD CSV FROM 'file:///etc/hosts' AS line RETURN line")).rejects.toThrow(
      'Cannot load',
    )
    await expect(cypher(services, "LOAD CSV FROM 'http://127.0.0.1:1/' AS line RETURN line")).rejects.toThrow(
      'is blocked',
    )
    await expect(cypher(services, "RETURN apoc.text.join(['a'], '')")).rejects.toThrow('Unknown function')
    const convert = "RETURN apoc.date.convertFormat('2026-01-02', 'yyyy-MM-dd', 'yyyy')"
    expect(await cypher(services, convert)).toEqual(['2026'])
  })

  test('end within 15 s of a kill -9 of the process that started them, and a start amid that sees what was committed', async () => {
    const { parent, services } = await startParent()
    const pids = [pidOf('neo4j'), pidOf('redis')]
    expect(pids.map(alive)).toEqual([true, true])
    await cypher(services, "CREATE (:Kept {word: 'committed'}) RETURN 1")
    await redis(services, 'SET kept committed')
    parent.kill('SIGKILL')
    const killed = Date.now()

    const next = start()
    expect(await until(() => !pids.some(alive), 15_000), `ended after ${Date.now() - killed} ms`).toBe(true)
    expect(await cypher(await next, 'MATCH (n:Kept) RETURN n.word')).toEqual(['committed'])
    expect(await redis(await next, 'GET kept')).toBe('committed')
  })

  test('recover from a kill -9 of Neo4j itself', async () => {
    const first = await start()
    await cypher(first, "CREATE (:Kept {word: 'committed'}) RETURN 1")
    process.kill(pidOf('neo4j'), 'SIGKILL')
    await first.stop()
    expect(await cypher(await start(), 'MATCH (n:Kept) RETURN n.word')).toEqual(['committed'])
  })

  test('that lost their guard as well are ended by the next start', async () => {
    const { parent } = await startParent()
    const pids = [pidOf('neo4j'), pidOf('redis')]
    const { pid: guard } = JSON.parse(readFileSync(path.join(dataHome, 'redis/claim.json'), 'utf8')) as { pid: number }
    process.kill(guard, 'SIGKILL')
    parent.kill('SIGKILL')
    await start()
    expect(pids.map(alive)).toEqual([false, false])
  })

  test('refuse a data home that a living process uses, and name it', async () => {
    await start({ neo4j: false })
    await expect(start({ neo4j: false })).rejects.toThrow(`in use by process ${process.pid}`)
  })

  test('take another port where the usual one is taken', async () => {
    await Promise.all([occupy(7687), occupy(6379)])
    const services = await start({ ports: 'usual' })
    expect(services.neo4j!.uri).not.toContain(':7687')
    expect(services.redis!.url).not.toContain(':6379')
    expect(await cypher(services, 'RETURN 1')).toEqual([1])
    expect(await redis(services, 'PING')).toBe('+PONG')
  })

  test('show the end of the log when a start fails', async () => {
    await expect(start({ redis: false, pageCacheMb: -1 })).rejects.toThrow(
      /Neo4j did not start: exit code 1[\s\S]*pagecache/,
    )
  })

  test('name three ways out where there is neither Java nor Maven', async () => {
    const { PATH, JAVA_HOME } = process.env
    cleanups.push(() => Object.assign(process.env, { PATH, ...(JAVA_HOME === undefined ? {} : { JAVA_HOME }) }))
    process.env.PATH = dataHome
    delete process.env.JAVA_HOME
    const failure = await start({ jarsHome: dataHome }).catch((error: Error) => error.message)
    expect(failure).toContain('found no Java and no Maven')
    expect(failure).toMatch(
      /1\. Install Java 17 or 21 and Maven[\s\S]*2\. .*docker compose up[\s\S]*3\. .*NEO4J_URI \(and REDIS_URL\)/,
    )
  })
})

test('npm run services prints the addresses, and on Ctrl-C ends everything it started before it ends itself', async () => {
  const jars = await start({ neo4j: false }).then(async (services) => {
    await services.stop()
    return readdirSync(jarsHome).filter((name) => /^jars-\w+$/.test(name))
  })
  for (const name of jars) symlinkSync(path.join(jarsHome, name), path.join(dataHome, name))
  const command = spawn(process.execPath, [...tsx, 'src/commands/services.ts'], {
    cwd: root,
    detached: true,
    env: { ...process.env, DATA_HOME: dataHome, NODE_ENV: 'development' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  cleanups.push(() => command.kill('SIGKILL'))
  let printed = ''
  command.stderr.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  expect(await until(() => printed.includes('Ctrl-C ends them'), 60_000), printed).toBe(true)
  expect(printed).toContain('NEO4J_URI=bolt://127.0.0.1:')
  expect(printed).toContain(neo4jPasswordFile(dataHome))
  const pids = [pidOf('neo4j'), pidOf('redis')]
  // As a terminal does: to the whole process group.
  process.kill(-command.pid!, 'SIGINT')
  const [code] = (await once(command, 'exit')) as [number | null]
  expect(code).toBe(0)
  expect(pids.map(alive)).toEqual([false, false])
})
