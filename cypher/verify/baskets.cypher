// What is in each of this customer's orders?
// @read many
// @param customerId: ID!
// @return productIds: [ID!]!
MATCH (:Customer {id: $customerId})-[:PLACED]->(o:Order)-[:CONTAINS]->(p:Product)
WITH o, p ORDER BY o.id, p.id
WITH o, collect(DISTINCT p.id) AS productIds
RETURN productIds
ORDER BY o.id
