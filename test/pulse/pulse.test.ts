import { beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, startTestApp, type TestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { day, describeProducts, emptyShop, order, record, train } from '../support/shop.ts'
import { connectTo } from '../support/sockets.ts'

const PULSE = `subscription { pulse { at ordersPerSecond ingestLagSeconds capped suppressed activeModel { id status } running { id name }
  rising { of { id } product { id } orders support confidence lift cosine medianDays } } }`
type Pulse = {
  at: string
  ordersPerSecond: number
  ingestLagSeconds: number
  capped: number
  suppressed: number
  activeModel: { id: string; status: string } | null
  running: { id: string }[]
  rising: { of: { id: string }; product: { id: string }; orders: number; medianDays: null }[]
}

describe('pulse', () => {
  const app = createTestApp()
  let fresh: TestApp
  /** Each test asks an instance of its own: what is counted seldom is counted at the first. */
  beforeEach(async () => {
    await emptyShop(app)
    fresh = await startTestApp()
    return () => fresh.stop()
  })
  async function watch(query: string, variables: Record<string, unknown> = {}) {
    const { client } = connectTo(fresh, await app.token('MARKETER'))
    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape its query asked for
    const told: any[] = []
    const problems: unknown[] = []
    client.subscribe(
      { query, variables },
      {
        next: ({ data, errors }) => void (errors ? problems.push(...errors) : told.push(Object.values(data!)[0])),
        error: (error) => void problems.push(error),
        complete: () => {},
      },
    )
    return { told, problems, end: () => client.dispose() }
  }
  const first = async (): Promise<Pulse> => {
    const { told, problems, end } = await watch(PULSE)
    await expect.poll(() => [told.length > 0, problems], { timeout: 15_000 }).toEqual([true, []])
    await end()
    return told[0]
  }

  it('is told over an empty graph', async () => {
    expect(await first()).toEqual({
      at: expect.any(String),
      ordersPerSecond: 0,
      ingestLagSeconds: expect.any(Number),
      capped: 0,
      suppressed: 0,
      activeModel: null,
      running: [],
      rising: [],
    })
  })

  it('comes again and again, counts orders of every instance, and names the model that answers', async () => {
    await record(app, [order('o1', 'c1', day(1), ['a', 'b'])])
    await describeProducts(app, [{ id: 'a' }, { id: 'b' }])
    const id = await train(app)
    const { told, end } = await watch(PULSE)
    await expect.poll(() => told.length, { timeout: 15_000 }).toBeGreaterThan(1)
    expect(told[0].activeModel).toEqual({ id, status: 'ACTIVE' })
    await record(
      app,
      Array.from({ length: 30 }, (_, n) => order(`more-${n}`, 'c1', day(2), ['a'])),
    )
    await expect.poll(() => Math.max(...told.map((one) => one.ordersPerSecond)), { timeout: 15_000 }).toBeGreaterThan(2)
    const times = told.map(({ at }) => Date.parse(at))
    expect(times.slice(1).every((at, n) => at > times[n]!)).toBe(true)
    await end()
  })

  it('counts capped customers and the suppression list', async () => {
    await cypher(
      app.driver,
      `UNWIND range(1, 3) AS n CREATE (:Suppression {id: 's' + n, key: 'k' + n, of: 'EMAIL', reason: 'r', at: datetime()})
       WITH collect(n) AS _
       CREATE (k:Campaign {id: 'k', name: 'k', status: 'RUNNING', channels: ['EMAIL'], capMax: 1, capDays: 7,
         startsAt: datetime() - duration('P1D'), endsAt: datetime() + duration('P7D')})
       CREATE (:Customer {id: 'often'})-[:HAD]->(:Interaction {id: 'i', type: 'SENT', channel: 'EMAIL', at: datetime()})-[:WITH]->(k)`,
    )
    expect(await first()).toMatchObject({ capped: 1, suppressed: 3, running: [{ id: 'k', name: 'k' }] })
  })

  it('names the pairs that gained most, counted over all orders', async () => {
    const buys = (prefix: string, at: number, products: string[], customers: number) =>
      Array.from({ length: customers }, (_, n) => order(`${prefix}-${n}`, `c${n}`, day(at), products))
    await record(app, [
      ...buys('old', 5, ['tea', 'cake'], 2),
      ...buys('new', 20, ['tea', 'cake'], 7),
      ...buys('few', 20, ['tea', 'rare'], 4),
      ...buys('fell', 10, ['soup', 'bread'], 8),
      ...buys('falls', 19, ['soup', 'bread'], 5),
    ])
    await describeProducts(
      app,
      ['tea', 'cake', 'rare', 'soup', 'bread'].map((id) => ({ id })),
    )
    const { rising } = await first()
    const total = 2 + 7 + 4 + 8 + 5
    expect(rising).toEqual([
      {
        of: { id: 'cake' },
        product: { id: 'tea' },
        orders: 9,
        support: 9 / total,
        confidence: 1,
        lift: expect.closeTo(total / 13, 9),
        cosine: expect.closeTo(9 / Math.sqrt(9 * 13), 9),
        medianDays: null,
      },
    ])
  })

  describe('campaignPerformanceChanged', () => {
    const CHANGED = `subscription ($id: ID!) { campaignPerformanceChanged(campaignId: $id) { treated note
      funnel { type customers } campaign { id } } }`
    it('tells the performance at once and after what changes it, and nothing while nothing does', async () => {
      await cypher(
        app.driver,
        "CREATE (:Campaign {id: 'k', name: 'k', status: 'RUNNING', startsAt: datetime($at), endsAt: datetime() + duration('P7D')})",
        { at: day(1) },
      )
      const { told, problems, end } = await watch(CHANGED, { id: 'k' })
      await expect.poll(() => told.length, { timeout: 15_000 }).toBe(1)
      expect(told[0].campaign).toEqual({ id: 'k' })
      const interactions = ['x', 'y'].map((id) => ({ id, customerId: id, campaignId: 'k', type: 'OPENED', at: day(2) }))
      await app.data(
        'mutation ($interactions: [InteractionInput!]!) { recordInteractions(interactions: $interactions) { accepted } }',
        { role: 'INGEST', variables: { interactions } },
      )
      const opened = () => told.at(-1).funnel.find(({ type }: { type: string }) => type === 'OPENED')?.customers
      await expect.poll(opened, { timeout: 15_000 }).toBe(2)
      expect([problems, told.length]).toEqual([[], 2])
      await end()
    })

    it('refuses a campaign that is not there', async () => {
      const { problems, end } = await watch(CHANGED, { id: 'none' })
      await expect.poll(() => problems.length, { timeout: 15_000 }).toBe(1)
      expect(JSON.stringify(problems)).toContain('NOT_FOUND')
      await end()
    })
  })
})
