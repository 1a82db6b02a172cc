// Which weights lead to these products?
// @read many
// @param model: ID!
// @param productIds: [ID!]!
// @return productId: ID!
// @return position: Int!
// @return values: [Float!]!
UNWIND $productIds AS productId
MATCH (:Product {id: productId})-[h:HAS_WEIGHTS {model: $model}]->(w:ItemWeights)
RETURN productId, h.position AS position, w.values AS values
