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
MATCH (model:Model {id: $model})-[m:MEASURED]->(p:Product {id: $productId})
CALL (p, model) {
  MATCH (c:Customer)-[:PLACED]->(o:Order)-[line:CONTAINS]->(p)
  WHERE o.placedAt >= $asOf - duration({days: 2 * $days}) AND o.placedAt < $until
  WITH c, model, o, sum(line.quantity) AS quantity, sum(line.value) AS value
  WHERE quantity > 0 AND value > 0
  WITH c, model, o.placedAt >= $asOf - duration({days: $days}) AS lately
  // Nothing was learned from who had objected to profiling by then.
  WHERE coalesce(head(COLLECT {
    MATCH (c)-[:GAVE]->(consent:Consent {purpose: 'PROFILING'})
    WHERE consent.at < model.createdAt
    RETURN consent.granted ORDER BY consent.at DESC LIMIT 1
  }), true)
  RETURN count(DISTINCT CASE WHEN lately THEN c END) AS recent, count(DISTINCT CASE WHEN NOT lately THEN c END) AS before
}
WITH m.trend AS measured, (recent + $smooth) / (before + $smooth) AS ratio
RETURN measured, CASE WHEN ratio < $low THEN $low WHEN ratio > $high THEN $high ELSE ratio END AS counted
