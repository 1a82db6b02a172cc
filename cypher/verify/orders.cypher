// How many orders with merchandise in them were placed before an instant?
// @read one
// @param until: DateTime!
// @param model: ID!
// @return orders: Int!
MATCH (model:Model {id: $model})
MATCH (c:Customer)-[:PLACED]->(o:Order)
WHERE o.placedAt < $until AND EXISTS {
  MATCH (o)-[line:CONTAINS]->(:Product {merchandise: true, active: true})
  WHERE line.quantity > 0 AND line.value > 0
}
AND coalesce(head(COLLECT {
  // Nothing was learned from who had objected to profiling by then.
  MATCH (c)-[:GAVE]->(consent:Consent {purpose: 'PROFILING'})
  WHERE consent.at < model.createdAt
  RETURN consent.granted ORDER BY consent.at DESC LIMIT 1
}), true)
RETURN count(o) AS orders
