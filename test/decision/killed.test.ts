import { setTimeout as sleep } from 'node:timers/promises'
import type { Driver } from 'neo4j-driver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDriver } from '../../src/graph/driver.ts'
import { ask, type Service, type Stores, startApp, startService, startStores } from '../failure/support.ts'
import { cypher } from '../support/graph.ts'

const CUSTOMERS = 6_000
const BUILD = 'mutation { buildAudience(campaignId: "k") { treatment holdout excluded } }'

describe('Ending the service amid a build', () => {
  let stores: Stores
  let service: Service | undefined
  let driver: Driver
  beforeAll(async () => {
    stores = await startStores()
    driver = createDriver(stores.neo4j)
    // Everybody agrees, and has bought one of two products that are bought together.
    const app = await startApp(stores)
    await cypher(
      driver,
      `CREATE (a:Product {id: 'a', name: 'A', merchandise: true, active: true, category: 'C', type: 'T', department: 'D'}),
              (b:Product {id: 'b', name: 'B', merchandise: true, active: true, category: 'C', type: 'T', department: 'D'}),
              (k:Campaign {id: 'k', name: 'K', status: 'DRAFT', channels: ['WEB'], priority: 0, holdoutShare: 0.3, budget: 3000,
                           startsAt: datetime('2030-01-01'), endsAt: datetime('2030-02-01')}),
              (k)-[:PROMOTES]->(b), (k)-[:AIMS_AT]->(:Segment {id: 's', name: 'S', condition: $condition})
       WITH a, b UNWIND range(1, $customers) AS n
       CREATE (c:Customer {id: 'c' + n})-[:PLACED]->(o:Order {id: 'o' + n, placedAt: datetime('2024-01-01') + duration({days: n % 30}), counted: true}),
              (c)-[:GAVE]->(:Consent {id: 'g' + n, channel: 'WEB', purpose: 'MARKETING', granted: true, at: datetime('2024-01-01')}),
              (o)-[:CONTAINS {quantity: 1.0, value: 1.0}]->(a)
       FOREACH (_ IN CASE WHEN n % 3 = 0 THEN [1] ELSE [] END | CREATE (o)-[:CONTAINS {quantity: 1.0, value: 1.0}]->(b))`,
      { customers: CUSTOMERS, condition: JSON.stringify({ not: { attribute: { name: 'kids' } } }) },
    )
    await app.services.model.activate(await app.services.model.train({ kinds: ['SAME_CATEGORY', 'ITEM_MODEL'] }))
    await app.stop()
    service = await startService(stores)
  })
  afterAll(async () => {
    await service?.kill()
    await driver?.close()
    await stores?.stop()
  })

  const decided = async () => (await cypher<{ n: number }>(driver, 'MATCH (d:Decision) RETURN count(d) AS n'))[0]!.n

  const build = async () => (await ask(service!.url, BUILD, { role: 'MARKETER' })).codes[0] ?? 'BUILT'
  /** Builds until so many are decided about, then ends the service; what the builder heard. */
  async function amid(moment: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<string> {
    // Who was killed can't give the lease up: it runs out.
    const builder = async (): Promise<string> => {
      const heard = await build().catch(() => 'nothing')
      if (heard !== 'CONFLICT') return heard
      await sleep(300)
      return builder()
    }
    const building = builder()
    await expect.poll(decided, { timeout: 60_000, interval: 5 }).toBeGreaterThan(moment)
    process.kill(service!.pid, signal)
    await service!.ended
    service = await startService(stores)
    return building
  }

  it('by kill -9 or by a signal loses nobody and decides about nobody twice', async () => {
    expect(await amid(300, 'SIGKILL')).toBe('nothing')
    expect(await amid(600, 'SIGTERM')).toBe('UNAVAILABLE')
    expect(await amid(4_000, 'SIGKILL')).toBe('nothing')
    expect(await decided()).toBeLessThan(CUSTOMERS)
    const progress = '{ audienceProgress(campaignId: "k") { status decided } }'
    await expect.poll(build, { timeout: 60_000, interval: 500 }).toBe('BUILT')
    const told = (await ask(service!.url, progress, { role: 'MARKETER' })).data.audienceProgress
    expect(told).toEqual({ status: 'BUILT', decided: CUSTOMERS })
    const [found] = await cypher<object>(
      driver,
      `MATCH (c:Customer) WITH c, COUNT { (c)-[:GOT]->(:Decision)-[:IN]->(:Campaign) } AS got
       WITH collect(DISTINCT got) AS got MATCH (d:Decision)
       RETURN got, count(d) AS all, count(CASE WHEN d.arm = 'TREATMENT' THEN 1 END) AS treated`,
    )
    expect(found).toMatchObject({ got: [1], all: CUSTOMERS })
    const [kept] = await cypher<{ treatment: number; holdout: number; excluded: number }>(
      driver,
      'MATCH (b:AudienceBuild) RETURN b.treatment AS treatment, b.holdout AS holdout, b.excluded AS excluded',
    )
    const counted = await cypher<{ arm: string; n: number }>(
      driver,
      'MATCH (d:Decision) RETURN d.arm AS arm, count(*) AS n',
    )
    const count = (arm: string) => counted.find((one) => one.arm === arm)?.n ?? 0
    expect(kept).toEqual({ treatment: count('TREATMENT'), holdout: count('HOLDOUT'), excluded: count('EXCLUDED') })
    expect(count('TREATMENT')).toBeLessThanOrEqual(3_000)
  })
})
