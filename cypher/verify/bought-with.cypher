// What do the paths customer or basket -> own product -> same orders -> product add up to?
// @read one
// @param customerId: ID
// @param basket: [ID!]!
// @param productId: ID!
// @param model: ID!
// @param asOf: DateTime!
// @param halfLifeDays: Float!
// @param viewShare: Float!
// @return total: Float!
CALL () {
  CALL () {
    MATCH (:Customer {id: $customerId})-[:PLACED]->(o:Order)-[line:CONTAINS]->(own:Product {merchandise: true, active: true})
    WITH own, o, sum(line.quantity) AS quantity, sum(line.value) AS value
    WHERE quantity > 0 AND value > 0
    WITH own, ($asOf.epochMillis - o.placedAt.epochMillis) / 86400000.0 AS days
    RETURN own, 0.5 ^ (CASE WHEN days > 0 THEN days ELSE 0 END / $halfLifeDays) AS counted
    UNION ALL
    MATCH (:Customer {id: $customerId})-[view:VIEWED]->(own:Product {merchandise: true, active: true})
    WITH own, ($asOf.epochMillis - view.at.epochMillis) / 86400000.0 AS days
    RETURN own, $viewShare * 0.5 ^ (CASE WHEN days > 0 THEN days ELSE 0 END / $halfLifeDays) AS counted
  }
  RETURN own, log(1 + sum(counted)) AS weight
  UNION ALL
  UNWIND $basket AS id
  MATCH (own:Product {id: id, merchandise: true, active: true})
  WITH collect(DISTINCT own) AS products
  UNWIND products AS own
  RETURN own, 1 / sqrt(size(products)) AS weight
}
MATCH (own)-[pair:BOUGHT_WITH {model: $model}]->(:Product {id: $productId})
RETURN sum(weight * pair.cosine) AS total
