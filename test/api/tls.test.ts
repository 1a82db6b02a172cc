import { execFile } from 'node:child_process'
import { copyFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import os from 'node:os'
import path from 'node:path'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import type { Backends } from '../../src/app.ts'
import type { Role } from '../../src/auth/viewer.ts'
import { loadConfig } from '../../src/config.ts'
import { resolveJars } from '../../src/embedded/jars.ts'
import { startNeo4j } from '../../src/embedded/neo4j.ts'
import { startRedis } from '../../src/embedded/redis.ts'
import { type Guard, startGuard } from '../../src/embedded/supervise.ts'
import { findJava } from '../../src/embedded/tools.ts'
import { createDriver } from '../../src/graph/driver.ts'
import { connectRedis } from '../../src/redis/redis.ts'
import { PROJECT_ROOT } from '../../src/root.ts'
import { type Service, startService, tokenOf } from '../failure/support.ts'
import { createAuthority, hasOpenssl } from '../support/certificates.ts'
import { imageIsHealthy } from '../support/image.ts'
import { day, order, RECORD } from '../support/shop.ts'
import { connectTo } from '../support/sockets.ts'

const UNTRUSTED = /self.signed certificate in certificate chain|unable to verify the first certificate|not trusted/i

describe.skipIf(!hasOpenssl)(hasOpenssl ? 'TLS on every leg' : 'TLS on every leg (openssl is not installed)', () => {
  let folder: string
  let ours: { ca: string; cert: string; key: string }
  /** Signed by ours as well: what the service is to renew its own with. */
  let next: { cert: string; key: string }
  let stranger: string
  let guard: Guard
  let stores: Backends
  let service: Service

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'alongside-tls-'))
    const authority = createAuthority(folder, 'ours')
    ours = { ca: authority.ca, ...authority.issue('service') }
    next = authority.issue('next')
    stranger = createAuthority(folder, 'stranger').ca
    const jars = await resolveJars(loadConfig({ DATA_HOME: process.env.DATA_HOME }).dataHome, [], () => {})
    const java = (await findJava()).command!
    guard = startGuard(folder, () => {})
    const common = { dataHome: folder, jars, wantedPort: undefined, tls: authority.issue('stores') }
    const [neo4j, redis] = await Promise.all([
      startNeo4j(guard, { ...common, java, heapMb: 512, pageCacheMb: 64 }),
      startRedis(guard, common),
    ])
    stores = { neo4j, redis }
    service = await startService({ folder, ...stores }, { TLS_CERT: ours.cert, TLS_KEY: ours.key, TLS_CA: ours.ca })
  })
  afterAll(async () => {
    await service?.kill()
    await guard?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  type Answer = { headers: IncomingHttpHeaders; data: Record<string, unknown> }
  /** Over HTTPS; only certificates of this authority are taken. */
  async function ask(query: string, role: Role, variables: object = {}, ca = ours.ca): Promise<Answer> {
    const authorization = `Bearer ${await tokenOf(role)}`
    const headers = { 'content-type': 'application/json', authorization }
    const trusted = await readFile(ca)
    return new Promise((resolve, reject) => {
      const sent = request(`${service.url}/graphql`, { method: 'POST', headers, ca: trusted }, async (response) => {
        let body = ''
        for await (const chunk of response.setEncoding('utf8')) body += chunk
        const { data, errors } = JSON.parse(body)
        if (errors) reject(new Error(JSON.stringify(errors)))
        else resolve({ headers: response.headers, data })
      })
      sent.on('error', reject).end(JSON.stringify({ query, variables }))
    })
  }
  const record = (id: string) => ask(RECORD, 'INGEST', { orders: [order(id, 'c1', day(1), ['p1', 'p2'])] })

  it('answers over HTTPS, with HSTS, from a Neo4j that speaks TLS only', async () => {
    expect(service.url).toMatch(/^https:/)
    expect(stores.neo4j.uri).toMatch(/^bolt\+s:/)
    expect((await record('o1')).data.recordOrders).toMatchObject({ accepted: 1 })
    const { headers, data } = await ask('{ orders { id products { id } } }', 'MARKETER')
    expect(data.orders).toEqual([{ id: 'o1', products: expect.arrayContaining([{ id: 'p1' }, { id: 'p2' }]) }])
    expect(headers['strict-transport-security']).toMatch(/max-age=\d{5,}/)
  })

  it('brings a subscription over wss, by way of a Redis that speaks TLS only', async () => {
    const ca = await readFile(ours.ca)
    class Trusting extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { ca })
      }
    }
    expect(stores.redis.url).toMatch(/^rediss:/)
    const { client } = connectTo(service, await tokenOf('MARKETER'), Trusting)
    const heard: string[] = []
    client.subscribe<{ orderRecorded: { id: string } }>(
      { query: 'subscription { orderRecorded { id } }' },
      {
        next: ({ data }) => heard.push(data!.orderRecorded.id),
        error: (error) => heard.push(String(error)),
        complete() {},
      },
    )
    let n = 0
    const sent = async () => {
      if (heard.length === 0) await record(`heard-${n++}`)
      return heard[0]
    }
    await expect.poll(sent, { timeout: 15_000, interval: 500 }).toMatch(/^heard-\d+$/)
    await client.dispose()
  })

  it('lets a command beside it train over TLS too, on its own thread', async () => {
    const env = { PATH: process.env.PATH, DATA_HOME: path.join(folder, 'service') }
    const args = ['--import', 'tsx', 'src/commands/train.ts', '--activate']
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: PROJECT_ROOT, env })
    expect(stdout).toMatch(/^Model \S+ is active\.$/m)
    const { data } = await ask('{ crossSell(customerId: "c1") { model { status } } }', 'MARKETER')
    expect(data.crossSell).toEqual({ model: { status: 'ACTIVE' } })
  })

  it('refuses a certificate of a stranger, and says so, on each leg', async () => {
    await expect(ask('{ me { role } }', 'MARKETER', {}, stranger)).rejects.toThrow(UNTRUSTED)
    const redis = await connectRedis({ ...stores.redis, ca: stranger })
    await expect(redis.run((client) => client.ping())).rejects.toMatchObject({
      message: 'Redis is away',
      cause: { message: expect.stringMatching(UNTRUSTED) },
    })
    await redis.stop()
    const other = { folder: path.join(folder, 'other'), ...stores }
    await expect(startService(other, { TLS_CA: stranger })).rejects.toThrow(UNTRUSTED)
  })

  it('turns a plain client away, on each leg', async () => {
    await expect(fetch(`${service.url.replace('https', 'http')}/healthz`)).rejects.toThrow()
    const driver = createDriver({ ...stores.neo4j, uri: stores.neo4j.uri.replace('+s', '') })
    await expect(driver.verifyConnectivity()).rejects.toThrow()
    await driver.close()
    const redis = await connectRedis({ url: stores.redis.url.replace('rediss', 'redis') })
    await expect(redis.run((client) => client.ping())).rejects.toThrow('Redis is away')
    await redis.stop()
  })

  it('shows a renewed certificate after SIGHUP, and keeps the last one when the new files are not usable', async () => {
    const shown = () =>
      new Promise<string>((resolve, reject) => {
        const { hostname, port } = new URL(service.url)
        const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
          resolve(socket.getPeerCertificate().fingerprint256)
          socket.destroy()
        }).on('error', reject)
      })
    const before = await shown()
    writeFileSync(ours.cert, 'half written')
    process.kill(service.pid, 'SIGHUP')
    expect((await ask('{ me { role } }', 'MARKETER')).data).toEqual({ me: { role: 'MARKETER' } })
    expect(await shown()).toBe(before)
    copyFileSync(next.cert, ours.cert)
    copyFileSync(next.key, ours.key)
    process.kill(service.pid, 'SIGHUP')
    await expect.poll(shown).not.toBe(before)
    expect((await ask('{ me { role } }', 'MARKETER')).data).toEqual({ me: { role: 'MARKETER' } })
  })

  it("is healthy to the image's check, which does not know the name in its certificate", async () => {
    const { port } = new URL(service.url)
    expect(await imageIsHealthy({ PORT: port, TLS_CERT: ours.cert })).toBe(true)
    expect(await imageIsHealthy({ PORT: port })).toBe(false)
  })
})
