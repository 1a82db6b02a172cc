// Which learned weights lead from own products to these ones? By own product, in the order given; null where none was learned.
// @read many
// @param ownIds: [ID!]!
// @param productIds: [ID!]!
// @param model: ID!
// @param from: String!
// @return productId: ID!
// @return weights: [Float]!
UNWIND $ownIds AS ownId
OPTIONAL MATCH (:Product {id: ownId})-[own:HAS_WEIGHTS {model: $model, from: $from}]->()
WITH collect(coalesce(own.position, -1)) AS positions
UNWIND $productIds AS productId
MATCH (:Product {id: productId})-[:HAS_WEIGHTS {model: $model, from: $from}]->(w:ItemWeights)
WITH positions, productId, w.values AS values
RETURN productId, [position IN positions | CASE WHEN position >= 0 THEN values[position] END] AS weights
