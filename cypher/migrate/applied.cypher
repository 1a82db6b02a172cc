// Which migrations has this graph had?
// @read many
// @return version: String!
MATCH (m:Migration)
RETURN m.version AS version
