import type { Driver } from 'neo4j-driver'
import type { App } from '../../src/app.ts'
import type { Neo4jSettings } from '../../src/graph/driver.ts'
import type { Graph } from '../../src/graph/query.ts'

/** What a file of test/bench gets to work with; each exports a default `(bench: Bench) => Promise<void>`. */
export type Bench = {
  graph: Graph
  driver: Driver
  /** Where the Neo4j of this bench is, for threads with a connection of their own. */
  neo4j: Neo4jSettings
  redis: { url: string }
  /** How long what can be as long as one likes is to take, about. */
  minutes: number
  /** How many customers an audience is to have. */
  customers: number
  /** Starts the service over this bench's Neo4j and Redis; stopped at the end. */
  startApp(env?: Record<string, string>): Promise<App & { secret: string }>
  /** The whole Complete Journey, or null where it is absent. */
  dataDir: string | null
  /** The sample that comes with the project. */
  sample: string
  /** The folder of the Neo4j that runs, for what only its server can read. */
  neo4jHome: string
  row(values: Record<string, string | number>): void
  note(text: string): void
}

/** Milliseconds of each of `rounds` runs after `warmUp` uncounted ones, one at a time. */
export async function time(
  work: (round: number) => Promise<unknown>,
  rounds: number,
  warmUp: number,
): Promise<number[]> {
  const took: number[] = []
  for (let round = -warmUp; round < rounds; round++) {
    const started = performance.now()
    await work(round + warmUp)
    if (round >= 0) took.push(performance.now() - started)
  }
  return took
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!
}

const round = (value: number) => Math.round(value * 100) / 100

/** One row of a table: median, p99 and the ratio to the baseline's median. */
export function summary(what: string, took: readonly number[], baseline?: readonly number[]) {
  const median = quantile(took, 0.5)
  return {
    what,
    runs: took.length,
    'median ms': round(median),
    'p99 ms': round(quantile(took, 0.99)),
    ...(baseline ? { ratio: round(median / quantile(baseline, 0.5)) } : {}),
  }
}

/** Products in at least so many orders, the most bought first. */
export async function boughtProducts(
  driver: Driver,
  minOrders: number,
): Promise<{ productId: string; orders: number }[]> {
  const text = `MATCH (p:Product {merchandise: true})<-[r:CONTAINS]-() WHERE r.quantity > 0 AND r.value > 0
    WITH p, toFloat(count(r)) AS orders WHERE orders >= $minOrders
    RETURN p.id AS productId, orders ORDER BY orders DESC, productId`
  const { records } = await driver.executeQuery(text, { minOrders })
  return records.map((record) => record.toObject() as { productId: string; orders: number })
}
