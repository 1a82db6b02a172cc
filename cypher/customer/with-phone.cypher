// Which customers have this phone number? Asked by keyed hashes only, one for each PII key.
// @read many
// @param indexes: [String!]!
// @return id: ID!
MATCH (c:Customer)
WHERE c.phoneIndex IN $indexes
RETURN c.id AS id
ORDER BY id
LIMIT 100
