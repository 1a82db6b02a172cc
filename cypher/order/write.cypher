// Records orders: each revision replaces all lines of the one before. `productIds`, sorted: all that stand in either.
// @write one
// @param orders: [{ id: ID!, eventId: ID!, revision: Int!, customerId: ID!, placedAt: DateTime!, storeId: ID, channel: String, value: Float!, counted: Boolean!, position: Int!, outboxId: ID!, payload: JSON!, lines: [{ productId: ID!, quantity: Float!, value: Float!, discount: Float!, couponDiscount: Float! }!]! }!]!
// @param productIds: [ID!]!
// @return written: Int!
CALL () {
  UNWIND $productIds AS productId
  MERGE (p:Product {id: productId})
  ON CREATE SET p.name = 'Unknown product ' + productId, p.active = true, p.merchandise = false
  // Takes the lock now, product by product in this order: left to the commit, two writers would wait for each other in a ring.
  SET p.lock = true
  RETURN count(*) AS products
}
UNWIND $orders AS row
MATCH (c:Customer {id: row.customerId})
MATCH (o:Order {id: row.id})
SET o.revision = row.revision, o.placedAt = row.placedAt, o.storeId = row.storeId, o.channel = row.channel,
    o.value = row.value, o.counted = row.counted, c.change = row.eventId
MERGE (c)-[:PLACED]->(o)
CREATE (:Event {id: row.eventId, at: datetime()})
CREATE (:Outbox {id: row.outboxId, topic: 'orderRecorded', key: row.customerId, payload: row.payload, at: datetime.realtime(), position: row.position})
WITH o, row
CALL (o) {
  MATCH (o)-[old:CONTAINS]->()
  DELETE old
}
CALL (o, row) {
  UNWIND row.lines AS line
  MATCH (p:Product {id: line.productId})
  CREATE (o)-[:CONTAINS {quantity: line.quantity, value: line.value, discount: line.discount, couponDiscount: CASE WHEN line.couponDiscount > 0 THEN line.couponDiscount END}]->(p)
}
RETURN count(*) AS written
