// Deletes the weights a model learned jointly, a part at a time.
// @write one
// @param model: ID!
// @param limit: Int!
// @return deleted: Int!
MATCH ()-[h:HAS_WEIGHTS {model: $model}]->(w:ItemWeights)
WITH h, w LIMIT $limit
DELETE h, w
RETURN count(*) AS deleted
