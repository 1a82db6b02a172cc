// What did these customers buy before an instant: the merchandise still sold in each of their orders?
// @read many
// @param customerIds: [ID!]!
// @param until: DateTime!
// @return customerId: ID!
// @return orderId: ID!
// @return placedAt: DateTime!
// @return productIds: [ID!]!
UNWIND $customerIds AS customerId
MATCH (:Customer {id: customerId})-[:PLACED]->(o:Order)
WHERE o.placedAt < $until
MATCH (o)-[r:CONTAINS]->(p:Product)
WHERE r.quantity > 0 AND r.value > 0 AND p.merchandise AND p.active
RETURN customerId, o.id AS orderId, o.placedAt AS placedAt, collect(p.id) AS productIds
