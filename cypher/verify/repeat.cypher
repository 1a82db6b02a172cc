// How often did this customer buy this product, a purchase counting half as much every so many days?
// @read one
// @param customerId: ID!
// @param productId: ID!
// @param asOf: DateTime!
// @param halfLifeDays: Float!
// @return total: Float!
MATCH (:Customer {id: $customerId})-[:PLACED]->(o:Order)-[line:CONTAINS]->(:Product {id: $productId, merchandise: true, active: true})
WITH o, sum(line.quantity) AS quantity, sum(line.value) AS value
WHERE quantity > 0 AND value > 0
WITH ($asOf.epochMillis - o.placedAt.epochMillis) / 86400000.0 AS days
RETURN sum(0.5 ^ (CASE WHEN days > 0 THEN days ELSE 0 END / $halfLifeDays)) AS total
