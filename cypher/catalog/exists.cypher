// Does this product exist?
// @read one
// @param productId: ID!
// @return productId: ID!
MATCH (p:Product {id: $productId})
RETURN p.id AS productId
