import type { Driver } from 'neo4j-driver'
import { cypher } from '../support/graph.ts'

/** Everything recordOrders writes that a fault must not change, in one order. The outbox is left out: it empties itself. */
export async function dump(
  driver: Driver,
): Promise<Record<'customers' | 'products' | 'orders' | 'lines' | 'bought' | 'events', object[]>> {
  return {
    customers: await cypher(
      driver,
      'MATCH (c:Customer) RETURN c {.id, .orderCount, .spent, .firstOrderAt, .lastOrderAt} AS of ORDER BY c.id',
    ),
    products: await cypher(driver, 'MATCH (p:Product) RETURN p.id AS id, p.name AS name ORDER BY id'),
    orders: await cypher(
      driver,
      `MATCH (o:Order) OPTIONAL MATCH (c:Customer)-[placed:PLACED]->(o)
       RETURN o.id AS id, properties(o) AS of, c.id AS customer, count(placed) AS times ORDER BY id, customer`,
    ),
    lines: await cypher(
      driver,
      `MATCH (o:Order)-[r:CONTAINS]->(p) RETURN o.id AS order, p.id AS product, properties(r) AS of
       ORDER BY order, product`,
    ),
    bought: await cypher(
      driver,
      `MATCH (c)-[b:BOUGHT]->(p) RETURN c.id AS customer, p.id AS product, properties(b) AS of
       ORDER BY customer, product`,
    ),
    events: await cypher(driver, 'MATCH (e:Event) RETURN e.id AS id ORDER BY id'),
  }
}

/** What waits to be published. */
export const outboxSize = async (driver: Driver): Promise<number> =>
  (await cypher<{ rows: number }>(driver, 'MATCH (row:Outbox) WHERE row.at IS NOT NULL RETURN count(row) AS rows'))[0]!
    .rows
