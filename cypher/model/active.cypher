// Which model answers, and which would after a rollback?
// @read one
// @return id: ID!
// @return previousId: ID
MATCH (m:Model {status: 'ACTIVE'})
OPTIONAL MATCH (previous:Model {id: m.previousId, status: 'READY'})
RETURN m.id AS id, previous.id AS previousId
ORDER BY m.activatedAt DESC
LIMIT 1
