// Deletes what a model learned as BOUGHT_WITH, a part at a time.
// @write one
// @param model: ID!
// @param limit: Int!
// @return deleted: Int!
MATCH ()-[w:BOUGHT_WITH {model: $model}]->()
WITH w LIMIT $limit
DELETE w
RETURN count(*) AS deleted
