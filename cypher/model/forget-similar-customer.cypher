// Deletes what a model learned as SIMILAR_TO and as HAD_BUYERS, a part at a time.
// @write one
// @param model: ID!
// @param limit: Int!
// @return deleted: Int!
CALL () {
  MATCH ()-[s:SIMILAR_TO {model: $model}]->()
  WITH s LIMIT $limit
  DELETE s
  RETURN count(*) AS similar
}
CALL () {
  MATCH ()-[h:HAD_BUYERS {model: $model}]->(b:Buyers)
  WITH h, b LIMIT $limit
  DELETE h, b
  RETURN count(*) AS buyers
}
// Where one is full there may be more of it.
RETURN CASE WHEN similar > buyers THEN similar ELSE buyers END AS deleted
