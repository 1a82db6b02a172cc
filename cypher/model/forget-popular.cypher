// Deletes what a model learned as POPULAR, a part at a time.
// @write one
// @param model: ID!
// @param limit: Int!
// @return deleted: Int!
MATCH ()-[r:POPULAR {model: $model}]->()
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted
