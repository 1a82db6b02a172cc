import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../support/app.ts'
import { backends, createTestGraph } from '../support/graph.ts'
import { day, order, RECORD } from '../support/shop.ts'
import { startWire, type Wire } from '../support/wire.ts'

describe('While the database is away', () => {
  const { neo4j, redis } = backends()
  let wire: Wire
  let app: TestApp

  beforeAll(async () => {
    wire = await startWire(Number(new URL(neo4j.uri).port))
    app = await startTestApp(
      { LOG_LEVEL: 'error' },
      { neo4j: { ...neo4j, uri: `bolt://127.0.0.1:${wire.port}` }, redis },
    )
  })
  afterAll(async () => {
    wire?.mend()
    await app?.stop()
    await wire?.stop()
  })

  it('reads and writes answer UNAVAILABLE, readiness says which backend, and all is well when it is back', async () => {
    const read = () => app.ask('{ affinities(productId: "p1") { orders } }', { role: 'ANALYST' })
    const write = () =>
      app.ask(RECORD, { role: 'INGEST', variables: { orders: [order('during-outage', 'c1', day(1), ['p1'])] } })
    const ready = async () => {
      const response = await fetch(`${app.url}/readyz`)
      return { status: response.status, ...((await response.json()) as object) }
    }
    expect(await ready()).toMatchObject({ status: 200, neo4j: 'ok' })

    wire.cut()
    for (const { errors } of await Promise.all([read(), write()])) {
      expect(errors!.map(({ extensions }) => extensions.code)).toEqual(['UNAVAILABLE'])
      expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|bolt|socket|ECONN/i)
    }
    expect(await ready()).toMatchObject({ status: 503, ready: false, neo4j: 'away' })
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200)

    wire.mend()
    await expect.poll(async () => (await write()).errors, { timeout: 20_000, interval: 500 }).toBeUndefined()
    expect((await read()).errors).toBeUndefined()
    expect(await ready()).toMatchObject({ status: 200 })
  })
})

describe('A database that refuses a statement', () => {
  const test = createTestGraph()

  it('is heard by the service as it spoke, so that the log tells what went wrong', async () => {
    const refused = test.graph.query('model/list', { first: -1 })
    await expect(refused).rejects.toMatchObject({
      name: 'Neo4jError',
      code: expect.stringMatching(/^Neo\.ClientError/),
    })
  })
})
