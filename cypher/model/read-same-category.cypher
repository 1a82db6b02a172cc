// Which share of its type does each product have?
// @read many
// @param model: ID!
// @return productId: ID!
// @return share: Float!
// @return customers: Int!
MATCH (:Category)-[s:POPULAR {model: $model}]->(p:Product)
RETURN p.id AS productId, s.share AS share, s.customers AS customers
