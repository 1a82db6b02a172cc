// What did a model learn as BOUGHT_AFTER from these products?
// @read many
// @param model: ID!
// @param productIds: [ID!]!
// @return productId: ID!
// @return toIds: [ID!]!
// @return cosines: [Float!]!
// @return medianDays: [Float!]!
UNWIND $productIds AS productId
MATCH (:Product {id: productId})-[w:BOUGHT_AFTER {model: $model}]->(other:Product)
RETURN productId, collect(other.id) AS toIds, collect(w.cosine) AS cosines, collect(w.medianDays) AS medianDays
