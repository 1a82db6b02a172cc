// Who may be offered something, a page at a time, and by what is told that what leads from them has changed?
// @read many
// @param after: ID!
// @param limit: Int!
// @return id: ID!
// @return mark: String!
OPTIONAL MATCH (catalog:Lock {id: 'catalog'})
WITH coalesce(catalog.change, '') AS change
MATCH (c:Customer)
WHERE c.id > $after AND NOT coalesce(c.objected, false)
RETURN c.id AS id, change + ' ' + coalesce(c.change, '') AS mark
ORDER BY id
LIMIT $limit
