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
MATCH (:Customer {id: $customerId})-[s:SIMILAR_TO {model: $model}]->(other:Customer)
// Always in the same order: a sum of floats differs in its last digits with it, and every training writes the relationships anew.
WITH other, s ORDER BY other.id
WITH collect({customer: other, weight: s.weight}) AS neighbours
UNWIND $productIds AS productId
MATCH (p:Product {id: productId})
CALL (neighbours, p) {
  UNWIND neighbours AS neighbour
  WITH neighbour.customer AS other, neighbour.weight AS weight
  MATCH (other)-[b:BOUGHT]->(p)
  WHERE b.orders > 0
  WITH weight, ($asOf.epochMillis - b.lastAt.epochMillis) / 86400000.0 AS days
  RETURN sum(weight * CASE WHEN days <= 0 THEN 1.0 ELSE 0.5 ^ (days / $halfLifeDays) END) AS amount, count(*) AS customers,
         count(CASE WHEN days <= $latelyDays THEN 1 END) AS lately
}
WITH productId, amount, customers, lately, size(neighbours) AS neighbours
WHERE customers > 0
RETURN productId, amount, customers, lately, neighbours
