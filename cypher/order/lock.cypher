// Takes the customers and orders of a batch for this transaction, in the order given, and tells what is recorded of each order.
// @write many
// @param orders: [{ id: ID!, customerId: ID! }!]!
// @return id: ID!
// @return revision: Int!
// @return customerId: ID
// @return productIds: [ID!]!
CALL () {
  UNWIND $orders AS row
  WITH DISTINCT row.customerId AS customerId
  MERGE (c:Customer {id: customerId})
  // A write takes the lock before anything is read: two writers of one customer come one after the other.
  SET c.ordersRevision = coalesce(c.ordersRevision, 0) + 1
  RETURN count(*) AS customers
}
UNWIND $orders AS row
MERGE (o:Order {id: row.id})
ON CREATE SET o.revision = 0
SET o.id = row.id
WITH o
OPTIONAL MATCH (owner:Customer)-[:PLACED]->(o)
RETURN o.id AS id, o.revision AS revision, owner.id AS customerId, COLLECT { MATCH (o)-[:CONTAINS]->(p) RETURN p.id } AS productIds
