// Which of these own products were bought together with each of these offered ones?
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
UNWIND $ownIds AS ownId
MATCH (own:Product {id: ownId})-[w:BOUGHT_WITH {model: $model}]->(p:Product)
WHERE p.id IN $productIds
RETURN p.id AS productId, ownId, w.orders AS orders, w.customers AS customers, w.support AS support, w.confidence AS confidence,
       w.lift AS lift, w.cosine AS cosine
