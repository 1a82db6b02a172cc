// How did a model measure the trend of this product, and what is it when the orders are counted again?
// @read one
// @param productId: ID!
// @param model: ID!
// @param asOf: DateTime!
// @param until: DateTime!
// @param days: Int!
// @param smooth: Float!
// @param low: Float!
// @param high: Float!
// @return measured: Float!
// @return counted: Float!
MATCH (:Model {id: $model})-[m:MEASURED]->(p:Product {id: $productId})
CALL (p) {
  MATCH (c:Customer)-[:PLACED]->(o:Order)-[line:CONTAINS]->(p)
  WHERE o.placedAt >= $asOf - duration({days: 2 * $days}) AND o.placedAt < $until
  WITH c, o, sum(line.quantity) AS quantity, sum(line.value) AS value
  WHERE quantity > 0 AND value > 0
  WITH c, o.placedAt >= $asOf - duration({days: $days}) AS lately
  RETURN count(DISTINCT CASE WHEN lately THEN c END) AS recent, count(DISTINCT CASE WHEN NOT lately THEN c END) AS before
}
WITH m.trend AS measured, (recent + $smooth) / (before + $smooth) AS ratio
RETURN measured, CASE WHEN ratio < $low THEN $low WHEN ratio > $high THEN $high ELSE ratio END AS counted
