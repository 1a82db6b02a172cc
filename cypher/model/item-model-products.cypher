// Which products have weights in a model?
// @read many
// @param model: ID!
// @return productId: ID!
MATCH (p:Product)-[:HAS_WEIGHTS {model: $model}]->()
RETURN p.id AS productId
