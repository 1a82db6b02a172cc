import { setTimeout as sleep } from 'node:timers/promises'
import type { Driver } from 'neo4j-driver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/auth/viewer.ts'
import { createDriver } from '../../src/graph/driver.ts'
import { newcombe } from '../../src/modules/campaign/statistics.ts'
import { ask, type Service, type Stores, startApp, startService, startStores } from '../failure/support.ts'
import { TEST_SECRET } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { type Receiver, startReceiver } from './receiver.ts'

const CUSTOMERS = 1_000
const WAIT = { timeout: 240_000, interval: 20 }
const ENV = { WEBHOOK_PRIVATE_HOSTS: 'on', WEBHOOK_SECRET: TEST_SECRET }

describe('A campaign from draft to uplift', () => {
  let stores: Stores
  let service: Service
  let receiver: Receiver
  let driver: Driver
  beforeAll(async () => {
    stores = await startStores()
    receiver = await startReceiver()
    driver = createDriver(stores.neo4j)
    // Two products that are bought together. Nine in ten agree to be written to.
    const app = await startApp(stores)
    await cypher(
      driver,
      `CREATE (a:Product {id: 'a', name: 'A', merchandise: true, active: true, category: 'C', type: 'T', department: 'D'}),
              (b:Product {id: 'b', name: 'B', merchandise: true, active: true, category: 'C', type: 'T', department: 'D'})
       WITH a, b UNWIND range(1, $customers) AS n
       CREATE (c:Customer {id: 'c' + n})-[:PLACED]->(o:Order {id: 'o' + n, placedAt: datetime('2024-01-01') + duration({days: n % 30}), counted: true}),
              (c)-[:GAVE]->(:Consent {id: 'g' + n, channel: 'WEB', purpose: 'MARKETING', granted: n % 10 <> 0, at: datetime('2024-01-01')}),
              (o)-[:CONTAINS {quantity: 1.0, value: 1.0}]->(a)
       FOREACH (_ IN CASE WHEN n % 3 = 0 THEN [1] ELSE [] END | CREATE (o)-[:CONTAINS {quantity: 1.0, value: 1.0}]->(b))`,
      { customers: CUSTOMERS },
    )
    await app.services.model.activate(await app.services.model.train({ kinds: ['SAME_CATEGORY', 'ITEM_MODEL'] }))
    await app.stop()
    service = await startService(stores, ENV)
  })
  afterAll(async () => {
    await service?.kill()
    await receiver?.stop()
    await driver?.close()
    await stores?.stop()
  })

  const data = async (query: string, role: Role, variables: object = {}) => {
    const answer = await ask(service.url, query, { role, variables })
    expect(answer.errors ?? []).toEqual([])
    return answer.data
  }
  const count = async (text: string) => (await cypher<{ n: number }>(driver, text))[0]!.n
  const sent = () => count("MATCH (i:Interaction {type: 'SENT'}) RETURN count(i) AS n")
  const inArm = async (arm: string) =>
    cypher<{ key: string; customerId: string }>(
      driver,
      'MATCH (c:Customer)-[:GOT]->(d:Decision {arm: $arm}) RETURN d.id AS key, c.id AS customerId ORDER BY key',
      { arm },
    )
  /** Once so many are handed over the service is killed, and started again. */
  async function killAt(moment: number): Promise<void> {
    await expect.poll(sent, WAIT).toBeGreaterThan(moment)
    process.kill(service.pid, 'SIGKILL')
    await service.ended
    service = await startService(stores, ENV)
  }

  it('hands every treated customer over exactly once by key, killed twice amid it by a receiver that fails now and then, and measures what came of it', async () => {
    const { saveSegment: segment } = await data(
      'mutation { saveSegment(input: { name: "Everybody", condition: { not: { attribute: { name: "kids" } } } }) { id } }',
      'MARKETER',
    )
    const input = {
      ...{ name: 'B for all', segmentId: segment.id, products: ['b'], channels: ['WEB'], holdoutShare: 0.25 },
      startsAt: new Date(Date.now() - 60_000).toISOString(),
      endsAt: new Date(Date.now() + 86_400_000).toISOString(),
      webhookUrl: receiver.url,
    }
    const { createCampaign: campaign } = await data(
      'mutation ($input: CampaignInput!) { createCampaign(input: $input) { id status } }',
      'MARKETER',
      { input },
    )
    expect(campaign.status).toBe('DRAFT')
    const of = { id: campaign.id }
    const built = await data(
      'mutation ($id: ID!) { buildAudience(campaignId: $id) { treatment holdout excluded } }',
      'MARKETER',
      of,
    )
    const { treatment, holdout, excluded } = built.buildAudience
    expect(treatment + holdout + excluded).toBe(CUSTOMERS)
    expect(Math.min(treatment, holdout, excluded)).toBeGreaterThan(50)
    await data('mutation ($id: ID!) { approveCampaign(id: $id) { id } }', 'ADMIN', of)

    receiver.answers((answer, n) => {
      if (n % 7 === 0) answer.writeHead(500).end()
      else if (n % 11 === 0) answer.destroy()
      else setTimeout(() => answer.writeHead(200).end(), n % 5 === 0 ? 100 : 5)
    })
    await data('mutation ($id: ID!) { launchCampaign(id: $id) { id } }', 'MARKETER', of)
    await killAt(treatment * 0.15)
    await killAt(treatment * 0.5)
    expect(await sent()).toBeLessThan(treatment)
    await expect.poll(sent, WAIT).toBe(treatment)
    await sleep(2_000)

    const [treated, held] = [await inArm('TREATMENT'), await inArm('HOLDOUT')]
    const taken = new Set(receiver.received.filter((one) => one.taken).map(({ key }) => key))
    expect([...taken].sort()).toEqual(treated.map(({ key }) => key))
    // Of nobody else anything was even tried, and whatever came again said the same.
    const bodies = new Map<string, Set<string>>()
    for (const { key, body } of receiver.received) bodies.set(key, (bodies.get(key) ?? new Set()).add(body))
    expect([...bodies.keys()].sort()).toEqual(treated.map(({ key }) => key))
    expect([...bodies.values()].filter(({ size }) => size > 1)).toEqual([])
    expect(receiver.received.length).toBeGreaterThan(treatment)
    expect(
      await count(
        "MATCH (c:Customer) WHERE COUNT { (c)-[:HAD]->(:Interaction {type: 'SENT'}) } > 1 RETURN count(c) AS n",
      ),
    ).toBe(0)

    const buyers = [...treated.filter((_, n) => n % 5 === 0), ...held.filter((_, n) => n % 20 === 0)]
    const orders = buyers.map(({ customerId }) => ({
      ...{ id: `x-${customerId}`, customerId, placedAt: new Date(Date.now() + 1_000).toISOString() },
      lines: [{ productId: 'b', quantity: 1, value: 2 }],
    }))
    await data('mutation ($orders: [OrderInput!]!) { recordOrders(orders: $orders) { accepted } }', 'INGEST', {
      orders,
    })
    const PERFORMANCE = `query ($id: ID!) { campaignPerformance(campaignId: $id) { treated holdout revenue note
      funnel { type channel customers } uplift { difference low high level preliminary } upliftByKind { kind note } } }`
    const performance = async () => (await data(PERFORMANCE, 'MARKETER', of)).campaignPerformance
    const bought = { treated: Math.ceil(treatment / 5), held: Math.ceil(holdout / 20) }
    const wanted = newcombe(
      { bought: bought.treated, customers: treatment },
      { bought: bought.held, customers: holdout },
    )
    const before = await performance()
    expect(before).toMatchObject({ treated: treatment, holdout, revenue: 2 * bought.treated, note: null })
    expect(before.uplift).toEqual({ ...wanted, level: 0.95, preliminary: true })
    expect(before.uplift.low).toBeGreaterThan(0)
    expect(before.funnel).toEqual([
      { type: 'SENT', channel: 'WEB', customers: treatment },
      { type: 'CONVERTED', channel: 'WEB', customers: bought.treated },
    ])
    await sleep(Math.max(0, Date.parse(orders[0]!.placedAt) - Date.now()))
    await data('mutation ($id: ID!) { completeCampaign(id: $id) { id } }', 'MARKETER', of)
    expect(await performance()).toEqual({ ...before, uplift: { ...before.uplift, preliminary: false } })
  }, 600_000)
})
