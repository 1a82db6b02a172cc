// Deletes what a model learned as SIMILAR_TO, a part at a time.
// @write one
// @param model: ID!
// @param limit: Int!
// @return deleted: Int!
MATCH ()-[r:SIMILAR_TO {model: $model}]->()
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted
