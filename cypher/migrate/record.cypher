// Notes that a migration has been applied.
// @write one
// @param version: String!
// @return version: String!
MERGE (m:Migration {version: $version})
ON CREATE SET m.appliedAt = datetime()
RETURN m.version AS version
