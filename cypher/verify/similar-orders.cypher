// What do the paths customer -> similar customer -> their orders before an instant -> product add up to, by when each bought it last?
// @read one
// @param customerId: ID!
// @param productId: ID!
// @param model: ID!
// @param asOf: DateTime!
// @param until: DateTime!
// @param halfLifeDays: Float!
// @return total: Float!
MATCH (:Customer {id: $customerId})-[similar:SIMILAR_TO {model: $model}]->(other:Customer)
MATCH (other)-[:PLACED]->(o:Order)-[line:CONTAINS]->(:Product {id: $productId})
WHERE o.placedAt < $until
WITH similar, o, sum(line.quantity) AS quantity, sum(line.value) AS value
WHERE quantity > 0 AND value > 0
WITH similar, max(o.placedAt) AS lastAt
WITH similar.weight AS weight, ($asOf.epochMillis - lastAt.epochMillis) / 86400000.0 AS days
RETURN sum(weight * 0.5 ^ (CASE WHEN days > 0 THEN days ELSE 0 END / $halfLifeDays)) AS total
