// Whose contact details are sealed under another PII key than this, by id after another?
// @read many
// @param prefix: String!
// @param after: ID!
// @param first: Int!
// @return id: ID!
MATCH (c:Customer)
WHERE c.id > $after AND c.contactKey IS NOT NULL AND NOT c.contactKey STARTS WITH $prefix
RETURN c.id AS id
ORDER BY id
LIMIT $first
