// Which weights lead to these products?
// @read many
// @param model: ID!
// @param from: String!
// @param productIds: [ID!]!
// @return productId: ID!
// @return position: Int!
// @return values: [Float!]!
UNWIND $productIds AS productId
MATCH (:Product {id: productId})-[h:HAS_WEIGHTS {model: $model, from: $from}]->(w:ItemWeights)
RETURN productId, h.position AS position, w.values AS values
