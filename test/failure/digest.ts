import { createHash } from 'node:crypto'
import type { Driver } from 'neo4j-driver'
import { cypher } from '../support/graph.ts'
import { opened } from '../support/pii.ts'

type Element = { kind: string; where: string; properties: Record<string, unknown> }

/**
 * The whole graph, each node and relationship with all its properties, as one count and one sum of hashes for each kind of them:
 * in whatever order they come the sums are the same, and where two graphs differ, it says in which kind.
 */
export async function digest(driver: Driver): Promise<Record<string, { count: number; sum: string }>> {
  const nodes = await cypher<Element>(
    driver,
    `MATCH (n) WHERE NOT n:Migration
     RETURN 'node ' + labels(n)[0] AS kind, '' AS where, properties(n) AS properties`,
  )
  const relationships = await cypher<Element>(
    driver,
    `MATCH (a)-[r]->(b)
     RETURN labels(a)[0] + ' ' + type(r) + ' ' + labels(b)[0] AS kind, toString(a.id) + '>' + toString(b.id) AS where,
            properties(r) AS properties`,
  )
  const sums = new Map<string, { count: number; sum: bigint }>()
  for (const { kind, where, properties } of [...nodes, ...relationships]) {
    const { count, sum } = sums.get(kind) ?? { count: 0, sum: 0n }
    const sorted = Object.entries(opened(properties)).sort(([a], [b]) => (a < b ? -1 : 1))
    const hash = createHash('sha256')
      .update(JSON.stringify([where, sorted]))
      .digest()
      .readBigUInt64BE()
    sums.set(kind, { count: count + 1, sum: BigInt.asUintN(64, sum + hash) })
  }
  return Object.fromEntries(
    [...sums]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, { count, sum }]) => [kind, { count, sum: sum.toString(16) }]),
  )
}
