// Deletes what a model learned as MEASURED, a part at a time.
// @write one
// @param model: ID!
// @param limit: Int!
// @return deleted: Int!
MATCH ()-[r:MEASURED {model: $model}]->()
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted
