// What do the paths customer -> own product -> later orders -> product add up to, each by how near it is to being due?
// @read one
// @param customerId: ID!
// @param productId: ID!
// @param model: ID!
// @param asOf: DateTime!
// @param halfLifeDays: Float!
// @param viewShare: Float!
// @param dueDays: Float!
// @return total: Float!
CALL () {
  MATCH (:Customer {id: $customerId})-[:PLACED]->(o:Order)-[line:CONTAINS]->(own:Product {merchandise: true, active: true})
  WITH own, o, sum(line.quantity) AS quantity, sum(line.value) AS value
  WHERE quantity > 0 AND value > 0
  RETURN own, o.placedAt AS boughtAt, null AS viewedAt, 1.0 AS share
  UNION ALL
  MATCH (:Customer {id: $customerId})-[view:VIEWED]->(own:Product {merchandise: true, active: true})
  RETURN own, null AS boughtAt, view.at AS viewedAt, $viewShare AS share
}
WITH own, boughtAt, viewedAt, share, ($asOf.epochMillis - coalesce(boughtAt, viewedAt).epochMillis) / 86400000.0 AS days
WITH own, log(1 + sum(share * 0.5 ^ (CASE WHEN days > 0 THEN days ELSE 0 END / $halfLifeDays))) AS weight,
     coalesce(max(boughtAt), max(viewedAt)) AS lastAt
WITH own, weight, ($asOf.epochMillis - lastAt.epochMillis) / 86400000.0 AS ago
MATCH (own)-[pair:BOUGHT_AFTER {model: $model}]->(:Product {id: $productId})
WITH weight * pair.cosine AS amount, CASE WHEN ago > 0 THEN ago ELSE 0 END - pair.medianDays AS early
RETURN sum(amount * 0.5 ^ (abs(early) / $dueDays)) AS total
