// Deletes what a model learned as BOUGHT_AFTER, a part at a time.
// @write one
// @param model: ID!
// @param limit: Int!
// @return deleted: Int!
MATCH ()-[r:BOUGHT_AFTER {model: $model}]->()
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted
