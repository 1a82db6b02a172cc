// Which of these own products were followed by each of these offered ones in later orders?
// @read many
// @param ownIds: [ID!]!
// @param productIds: [ID!]!
// @param model: ID!
// @return productId: ID!
// @return ownId: ID!
// @return orders: Int!
// @return customers: Int!
// @return support: Float!
// @return confidence: Float!
// @return lift: Float!
// @return cosine: Float!
// @return medianDays: Float!
UNWIND $ownIds AS ownId
MATCH (own:Product {id: ownId})-[w:BOUGHT_AFTER {model: $model}]->(p:Product)
WHERE p.id IN $productIds
RETURN p.id AS productId, ownId, w.orders AS orders, w.customers AS customers, w.support AS support, w.confidence AS confidence,
       w.lift AS lift, w.cosine AS cosine, w.medianDays AS medianDays
