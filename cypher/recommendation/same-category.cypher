// Which share of what is bought lately of their types do these products have?
// @read many
// @param productIds: [ID!]!
// @param model: ID!
// @return productId: ID!
// @return categoryId: ID!
// @return categoryName: String!
// @return share: Float!
// @return customers: Int!
UNWIND $productIds AS productId
MATCH (c:Category)-[s:POPULAR {model: $model}]->(:Product {id: productId})
RETURN productId, c.id AS categoryId, c.name AS categoryName, s.share AS share, s.customers AS customers
