// Who had bought these products when a model learned, and when last, in epoch ms?
// @read many
// @param model: ID!
// @param productIds: [ID!]!
// @return productId: ID!
// @return places: [Int!]!
// @return lastAt: [Float!]!
UNWIND $productIds AS productId
MATCH (:Product {id: productId})-[:HAD_BUYERS {model: $model}]->(b:Buyers)
RETURN productId, b.places AS places, b.lastAt AS lastAt
