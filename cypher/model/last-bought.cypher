// When did these customers last buy each of the things they own, in epoch ms?
// @read many
// @param customerIds: [ID!]!
// @return customerId: ID!
// @return productIds: [ID!]!
// @return at: [Float!]!
UNWIND $customerIds AS customerId
MATCH (:Customer {id: customerId})-[b:BOUGHT]->(p:Product)
WHERE b.orders > 0
RETURN customerId, collect(p.id) AS productIds, collect(toFloat(b.lastAt.epochMillis)) AS at
