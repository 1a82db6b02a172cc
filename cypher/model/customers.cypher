// From whom may be learned, a page at a time: from all who have not objected to profiling.
// @read many
// @param after: ID!
// @param limit: Int!
// @return id: ID!
MATCH (c:Customer)
WHERE c.id > $after AND NOT coalesce(c.objected, false)
RETURN c.id AS id
ORDER BY id
LIMIT $limit
