// What did a model measure of each product?
// @read many
// @param model: ID!
// @return productId: ID!
// @return customers: Int!
// @return recent: Int!
// @return before: Int!
// @return recentShare: Float!
// @return trend: Float!
MATCH (:Model {id: $model})-[m:MEASURED]->(p:Product)
RETURN p.id AS productId, m.customers AS customers, m.recent AS recent, m.before AS before, m.recentShare AS recentShare, m.trend AS trend
