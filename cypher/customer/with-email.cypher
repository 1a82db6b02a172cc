// Which customers have this e-mail address? Asked by keyed hashes only, one for each PII key.
// @read many
// @param indexes: [String!]!
// @return id: ID!
MATCH (c:Customer)
WHERE c.emailIndex IN $indexes
RETURN c.id AS id
ORDER BY id
LIMIT 100
