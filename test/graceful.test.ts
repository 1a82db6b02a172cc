import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { PROJECT_ROOT } from '../src/root.ts'
import { ask, readiness, type Service, startService, tokenOf } from './failure/support.ts'
import { backends, createTestGraph, cypher } from './support/graph.ts'
import { day, order, RECORD } from './support/shop.ts'
import { connectTo, firstOf } from './support/sockets.ts'
import { watchStalls } from './support/stalls.ts'

const ENDED_MS = 10_000
/** The two signals of somebody who means both are further apart than those of one Ctrl-C. */
const BETWEEN_MS = 700

describe('A service that is told to stop', () => {
  const test = createTestGraph()
  const stalled = watchStalls()
  let folder: string
  let service: Service
  const ends: (() => unknown)[] = []

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'alongside-graceful-'))
  })
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const start = async () => {
    service = await startService({ ...backends(), folder })
    ends.push(service.kill)
  }
  /** Under way until the answer lets go of the customer it waits for. */
  const inFlight = async (id: string) => {
    const session = test.driver.session()
    const lock = session.beginTransaction()
    await lock.run("MERGE (c:Customer {id: 'held'}) SET c.held = true")
    const letGo = async () => {
      await lock.close()
      await session.close()
    }
    ends.push(letGo)
    const answer = ask(service.url, RECORD, {
      role: 'INGEST',
      variables: { orders: [order(id, 'held', day(1), ['p1'])] },
    })
    const waits = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'newCustomerIds' RETURN 1 AS one"
    await expect.poll(async () => (await cypher(test.driver, waits)).length).toBeGreaterThan(1)
    return { answer, letGo }
  }
  const refused = () =>
    readiness(service.url).then(
      (status) => status,
      () => 'refused',
    )

  it('is no longer ready, then turns connections away, answers what is under way, closes sockets with 1001 and ends with 0', async () => {
    await start()
    const { client, closed } = connectTo(service, await tokenOf('MARKETER'))
    ends.push(() => client.dispose())
    expect(await firstOf(client, '{ me { role } }')).toEqual({ data: { me: { role: 'MARKETER' } } })
    const { answer, letGo } = await inFlight('answered')
    const ended = service.ended
    process.kill(service.pid, 'SIGTERM')
    const seen: (number | string)[] = []
    for (let last: number | string = 200; last !== 'refused'; await sleep(20)) {
      last = await refused()
      if (seen.at(-1) !== last) seen.push(last)
    }
    expect(seen.filter((status) => status !== 200)).toEqual([503, 'refused'])
    expect((await closed).code).toBe(1001)
    await letGo()
    expect((await answer).data.recordOrders).toMatchObject({ accepted: 1 })
    expect(await ended).toBe(0)
    expect(await cypher(test.driver, "MATCH (o:Order {id: 'answered'}) RETURN o.revision AS revision")).toEqual([
      { revision: 1 },
    ])
  })

  it('ends within 10 s even if something is under way that does not end', async () => {
    await start()
    const { answer } = await inFlight('broken-off')
    const broken = answer.then(
      ({ codes }) => codes,
      () => 'connection lost',
    )
    const told = performance.now()
    process.kill(service.pid, 'SIGTERM')
    expect(await service.ended).toBe(0)
    expect(performance.now() - told).toBeLessThan(ENDED_MS + stalled())
    expect(await broken).toEqual('connection lost')
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('ends at once at a second %s, with %i', async (signal, code) => {
    await start()
    const { answer } = await inFlight(`${signal}-twice`)
    answer.catch(() => {})
    process.kill(service.pid, signal)
    await sleep(BETWEEN_MS)
    process.kill(service.pid, signal)
    expect(await service.ended).toBe(code)
  })

  it('takes the Ctrl-C of a terminal, which reaches npm, tsx and the service, for one signal', async () => {
    const { neo4j, redis } = backends()
    const npm = spawn('npm', ['start'], {
      cwd: PROJECT_ROOT,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        ...{ NODE_ENV: 'production', PORT: '0', DATA_HOME: path.join(folder, 'npm'), LOG_LEVEL: 'warn' },
        ...{ JWT_SECRET: 'x'.repeat(32), PII_KEY: Buffer.alloc(32).toString('base64') },
        ...{ NEO4J_URI: neo4j.uri, NEO4J_PASSWORD: neo4j.password, REDIS_URL: redis.url },
      },
    })
    let said = ''
    npm.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const exited = once(npm, 'exit')
    ends.push(() => npm.exitCode === null && npm.signalCode === null && process.kill(-npm.pid!, 'SIGKILL'))
    await expect.poll(() => said, { timeout: 60_000 }).toContain('Alongside serves')
    const url = /explorer +(\S+)\/\n/.exec(said)![1]!
    process.kill(-npm.pid!, 'SIGINT')
    await exited
    // npm ends with its signal before the service has finished.
    await expect
      .poll(
        () =>
          fetch(`${url}/healthz`).then(
            () => 'up',
            () => 'gone',
          ),
        { timeout: 20_000 },
      )
      .toBe('gone')
    expect(said.match(/SIGINT: finishing/g)).toHaveLength(1)
    const holder = "MATCH (l:Lock {id: 'relay'}) WHERE l.holder IS NOT NULL RETURN l.holder AS holder"
    // What a kill would have left.
    await expect.poll(() => cypher(test.driver, holder), { timeout: 2_000 }).toEqual([])
  })
})
