// The ids of products, a page at a time.
// @read many
// @param after: ID!
// @param limit: Int!
// @return id: ID!
MATCH (p:Product)
WHERE p.id > $after
RETURN p.id AS id
ORDER BY id
LIMIT $limit
