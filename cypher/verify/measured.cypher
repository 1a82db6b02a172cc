// Which products may a model offer?
// @read many
// @param model: ID!
// @return id: ID!
MATCH (:Model {id: $model})-[:MEASURED]->(p:Product)
RETURN p.id AS id
ORDER BY id
