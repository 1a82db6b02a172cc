import { type Driver } from 'neo4j-driver'
import { afterAll, beforeAll, inject } from 'vitest'
import { createDriver } from '../../src/graph/driver.ts'
import { migrate } from '../../src/graph/migrate.ts'
import { createGraph, type Graph, type Observation } from '../../src/graph/query.ts'

/** The Neo4j and Redis of this worker. */
export const backends = () => {
  const all = inject('backends')
  return all[(Number(process.env.VITEST_POOL_ID ?? 1) - 1) % all.length]!
}

export type TestGraph = { graph: Graph; driver: Driver; observed: Observation[] }

/** A real, empty, migrated graph for the tests of one file. */
export function createTestGraph(): TestGraph {
  const test = { observed: [] as Observation[] } as TestGraph
  beforeAll(async () => {
    test.driver = createDriver(backends().neo4j)
    await empty(test.driver)
    test.graph = createGraph(test.driver, { observe: (observation) => test.observed.push(observation) })
    await migrate(test.driver, test.graph)
  })
  afterAll(() => test.driver?.close())
  return test
}

/** Everything but the schema, which stays between files with the record of its migrations. */
export async function empty(driver: Driver): Promise<void> {
  const session = driver.session()
  const text = 'MATCH (n) WHERE NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS'
  try {
    // A service that runs writes now and then of its own accord: the driver does not try such a statement again after a deadlock.
    for (let done = false; !done; ) {
      done = await session.run(text).then(
        () => true,
        (error) => {
          if (!error.retryable) throw error
          return false
        },
      )
    }
  } finally {
    await session.close()
  }
}

/** For tests only: any Cypher, plain values. */
export async function cypher<T extends object>(driver: Driver, text: string, params: object = {}): Promise<T[]> {
  const { records } = await driver.executeQuery(text, params as Record<string, unknown>)
  return records.map((record) => plain(record.toObject()) as T)
}

function plain(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if ('toNumber' in value && typeof value.toNumber === 'function') return value.toNumber()
  if ('toStandardDate' in value && typeof value.toStandardDate === 'function')
    return value.toStandardDate().toISOString()
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}
