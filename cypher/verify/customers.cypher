// Which customers are there, by page?
// @read many
// @param after: ID!
// @param limit: Int!
// @return id: ID!
MATCH (c:Customer)
WHERE c.id > $after
RETURN c.id AS id
ORDER BY id
LIMIT $limit
