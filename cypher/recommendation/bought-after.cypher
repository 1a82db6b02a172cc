// Which of these own products were followed by each of these offered ones in later orders?
// One row an offered product; its lists go side by side, one entry an own product.
// @read many
// @param ownIds: [ID!]!
// @param productIds: [ID!]!
// @param model: ID!
// @return productId: ID!
// @return ownIds: [ID!]!
// @return orders: [Int!]!
// @return customers: [Int!]!
// @return support: [Float!]!
// @return confidence: [Float!]!
// @return lift: [Float!]!
// @return cosine: [Float!]!
// @return medianDays: [Float!]!
MATCH (own:Product)-[w:BOUGHT_AFTER {model: $model}]->(p:Product)
// From the own products, each with a few others. Joined: what leads elsewhere is passed over before anything of it is read.
USING INDEX own:Product(id) USING INDEX p:Product(id) USING JOIN ON p
WHERE own.id IN $ownIds AND p.id IN $productIds
// Always in the same order: sums of floats differ in their last digits with it.
WITH p.id AS productId, own.id AS ownId, w ORDER BY ownId
RETURN productId, collect(ownId) AS ownIds, collect(w.orders) AS orders, collect(w.customers) AS customers, collect(w.support) AS support,
       collect(w.confidence) AS confidence, collect(w.lift) AS lift, collect(w.cosine) AS cosine, collect(w.medianDays) AS medianDays
