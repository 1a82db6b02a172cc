import { beforeAll, describe, expect, it } from 'vitest'
import { loadSample } from '../../seeds/load.ts'
import { readMigrations } from '../../src/graph/migrate.ts'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { make, ordersOf, world } from './world.ts'

type Summary = { id: string; orderCount: number; spent: number; firstOrderAt: string; lastOrderAt: string }
const KEPT = `MATCH (c:Customer) WHERE c.orderCount IS NOT NULL OR c.spent IS NOT NULL OR c.firstOrderAt IS NOT NULL OR c.lastOrderAt IS NOT NULL
  RETURN c.id AS id, c.orderCount AS orderCount, c.spent AS spent, c.firstOrderAt AS firstOrderAt, c.lastOrderAt AS lastOrderAt ORDER BY id`

describe('What a customer bought in all', () => {
  const app = createTestApp()
  const kept = () => cypher<Summary>(app.driver, KEPT)
  const close = (summaries: Summary[]) => summaries.map((one) => ({ ...one, spent: expect.closeTo(one.spent, 5) }))

  /** By the orders that are recorded, one by one. */
  async function counted(): Promise<Summary[]> {
    const orders = await cypher<{ id: string; value: number; at: string }>(
      app.driver,
      `MATCH (c:Customer)-[:PLACED]->(o:Order {counted: true}) RETURN c.id AS id, o.value AS value, o.placedAt AS at`,
    )
    return summed(orders)
  }
  function summed(orders: { id: string; value: number; at: string }[]): Summary[] {
    return [...new Set(orders.map(({ id }) => id))].sort().map((id) => {
      const own = orders.filter((order) => order.id === id)
      const times = own.map(({ at }) => at).sort()
      const spent = own.reduce((sum, { value }) => sum + value, 0)
      return { id, orderCount: own.length, spent, firstOrderAt: times[0]!, lastOrderAt: times.at(-1)! }
    })
  }

  beforeAll(() => loadSample(app.graph, app.vault).then(() => {}))

  it('is kept by a load', async () => {
    expect((await kept()).length).toBeGreaterThan(250)
    expect(await kept()).toEqual(close(await counted()))
  })

  it('is kept by every order that is recorded, replaced or cancelled', async () => {
    const made = world()
    await make(app, made)
    const sent = ordersOf(made).map(({ customerId, value, at }) => ({
      id: customerId,
      value,
      at: new Date(at).toISOString(),
    }))
    const ids = new Set(made.orders.map(({ customerId }) => customerId))
    expect((await kept()).filter(({ id }) => ids.has(id))).toEqual(close(summed(sent)))
    expect(await kept()).toEqual(close(await counted()))
  })

  it('is worked out for whoever was there before it was kept', async () => {
    const before = await kept()
    await cypher(
      app.driver,
      'MATCH (c:Customer) SET c.orderCount = null, c.spent = null, c.firstOrderAt = null, c.lastOrderAt = null',
    )
    const { statements } = readMigrations().find(({ version }) => version === 'V040__segments')!
    const session = app.driver.session()
    for (const statement of statements) await session.run(statement)
    await session.close()
    expect(await kept()).toEqual(before)
  })
})
