// Which products have weights in a model?
// @read many
// @param model: ID!
// @param from: String!
// @return productId: ID!
MATCH (p:Product)-[:HAS_WEIGHTS {model: $model, from: $from}]->()
RETURN p.id AS productId
