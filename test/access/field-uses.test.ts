import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { createFieldUses } from '../../src/access/field-uses.ts'
import { createDriver } from '../../src/graph/driver.ts'
import { createGraph } from '../../src/graph/query.ts'
import { backends, createTestGraph, cypher, empty } from '../support/graph.ts'
import { startWire } from '../support/wire.ts'

describe('Uses of root fields', () => {
  const test = createTestGraph()
  const errors: unknown[] = []
  const onError = (error: unknown) => void errors.push(error)
  const open: { stop(): Promise<void> }[] = []
  const on = (date: string, graph = test.graph) => {
    const uses = createFieldUses(graph, { onError, now: () => new Date(`${date}T23:59:59.999Z`) })
    open.push(uses)
    return uses
  }
  const stored = () =>
    cypher(
      test.driver,
      'MATCH (u:FieldUse) RETURN u.id AS id, u.count AS count, u.denied AS denied, toString(u.day) AS day ORDER BY id',
    )

  beforeEach(async () => {
    await empty(test.driver)
    errors.length = 0
  })
  afterAll(() => Promise.all(open.map((uses) => uses.stop())))

  it('are summed by role, field and day, of all instances, without who it was', async () => {
    const [one, other] = [on('2025-03-01'), on('2025-03-01')]
    one.count('MARKETER', ['products', 'models', 'products'], 'used')
    one.count('MARKETER', ['products'], 'used')
    one.count('STOREFRONT', ['models'], 'denied')
    other.count('MARKETER', ['products'], 'used')
    await Promise.all([one.flush(), other.flush()])
    const next = on('2025-03-02')
    next.count('MARKETER', ['products'], 'used')
    await next.flush()
    expect(await stored()).toEqual([
      { id: 'MARKETER|models|2025-03-01', count: 1, denied: 0, day: '2025-03-01' },
      { id: 'MARKETER|products|2025-03-01', count: 3, denied: 0, day: '2025-03-01' },
      { id: 'MARKETER|products|2025-03-02', count: 1, denied: 0, day: '2025-03-02' },
      { id: 'STOREFRONT|models|2025-03-01', count: 0, denied: 1, day: '2025-03-01' },
    ])
    const [kept] = await cypher(
      test.driver,
      'MATCH (u:FieldUse) UNWIND keys(u) AS name WITH DISTINCT name ORDER BY name RETURN collect(name) AS names',
    )
    expect(kept).toEqual({ names: ['count', 'day', 'denied', 'field', 'id', 'role'] })
    expect(errors).toEqual([])
  })

  it('are written when the service stops', async () => {
    const uses = on('2025-03-01')
    uses.count('ADMIN', ['me'], 'used')
    expect(await stored()).toEqual([])
    await uses.stop()
    expect(await stored()).toMatchObject([{ id: 'ADMIN|me|2025-03-01', count: 1 }])
  })

  it('are forgotten 400 days later', async () => {
    for (const date of ['2024-01-01', '2024-01-02']) {
      const uses = on(date)
      uses.count('ADMIN', ['me'], 'used')
      await uses.flush()
    }
    const later = on('2025-02-05')
    await later.flush()
    expect(await stored()).toMatchObject([{ day: '2024-01-02' }])
  })

  it('wait while Neo4j is away, and lose nothing', async () => {
    const { neo4j } = backends()
    const wire = await startWire(Number(new URL(neo4j.uri).port))
    const driver = createDriver({ ...neo4j, uri: `bolt://127.0.0.1:${wire.port}` })
    try {
      const uses = on('2025-03-01', createGraph(driver))
      uses.count('ADMIN', ['me'], 'used')
      wire.cut()
      await uses.flush()
      expect(errors).toMatchObject([{ code: 'UNAVAILABLE' }])
      wire.mend()
      uses.count('ADMIN', ['me'], 'used')
      // It is asked again a second later.
      await expect
        .poll(() => uses.flush().then(stored), { timeout: 10_000, interval: 500 })
        .toMatchObject([{ id: 'ADMIN|me|2025-03-01', count: 2 }])
    } finally {
      await driver.close()
      await wire.stop()
    }
  })
})
