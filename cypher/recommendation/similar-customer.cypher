// How much of these products was bought by the customers most like this one, the lately bought counting more?
// @read many
// @param customerId: ID!
// @param productIds: [ID!]!
// @param model: ID!
// @param asOf: DateTime!
// @param halfLifeDays: Float!
// @param latelyDays: Float!
// @return productId: ID!
// @return amount: Float!
// @return customers: Int!
// @return lately: Int!
// @return neighbours: Int!
MATCH (c:Customer {id: $customerId})
WITH c, COUNT { (c)-[:SIMILAR_TO {model: $model}]->() } AS neighbours
MATCH (c)-[s:SIMILAR_TO {model: $model}]->(other:Customer)
// All buyers of each product, once, joined to those who are alike: from these, each product would be looked for among all they bought.
MATCH (p:Product)<-[b:BOUGHT]-(other)
USING INDEX p:Product(id) USING JOIN ON other
WHERE p.id IN $productIds
// Always in the same order: a sum of floats differs in its last digits with it, and every training writes the relationships anew.
WITH neighbours, p, s, b ORDER BY other.id
WHERE b.orders > 0
WITH neighbours, p.id AS productId, s.weight AS weight, ($asOf.epochMillis - b.lastAt.epochMillis) / 86400000.0 AS days
RETURN productId, sum(weight * CASE WHEN days <= 0 THEN 1.0 ELSE 0.5 ^ (days / $halfLifeDays) END) AS amount, count(*) AS customers,
       count(CASE WHEN days <= $latelyDays THEN 1 END) AS lately, neighbours
