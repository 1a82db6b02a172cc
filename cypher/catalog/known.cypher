// Which of these products exist?
// @read many
// @param productIds: [ID!]!
// @return productId: ID!
UNWIND $productIds AS id
MATCH (p:Product {id: id})
RETURN DISTINCT p.id AS productId
