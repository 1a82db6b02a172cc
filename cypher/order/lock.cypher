// Takes the customers and orders of a batch for this transaction, in the order given, creates who is not known yet, and tells what is
// recorded of each order.
// @write many
// @param orders: [{ id: ID!, customerId: ID! }!]!
// @return id: ID!
// @return revision: Int!
// @return customerId: ID
// @return newCustomerIds: [ID!]!
// @return productIds: [ID!]!
CALL () {
  UNWIND $orders AS row
  WITH DISTINCT row.customerId AS customerId
  MERGE (c:Customer {id: customerId})
  ON CREATE SET c.isNew = true
  WITH c, c.isNew IS NOT NULL AS isNew
  // A write takes the lock before anything is read: two writers of one customer come one after the other. A constant, because a
  // value that is computed from itself takes more locks, in a way that two such writers always end in a deadlock.
  SET c.isNew = null, c.lock = true
  RETURN [id IN collect(CASE WHEN isNew THEN c.id END) WHERE id IS NOT NULL] AS newCustomerIds
}
UNWIND $orders AS row
MERGE (o:Order {id: row.id})
ON CREATE SET o.revision = 0
SET o.id = row.id
WITH o, newCustomerIds
OPTIONAL MATCH (owner:Customer)-[:PLACED]->(o)
RETURN o.id AS id, o.revision AS revision, owner.id AS customerId, newCustomerIds,
       COLLECT { MATCH (o)-[:CONTAINS]->(p) RETURN p.id } AS productIds
