// Which models left something behind: retired, failed, or a training that nobody goes on with?
// @read many
// @param leaseSeconds: Int!
// @return id: ID!
// @return status: String!
MATCH (m:Model)
WHERE (m.status IN ['RETIRED', 'FAILED'] AND m.forgottenAt IS NULL)
   OR (m.status = 'TRAINING' AND coalesce(m.aliveAt, m.createdAt) < datetime.realtime() - duration({seconds: $leaseSeconds}))
RETURN m.id AS id, m.status AS status
ORDER BY m.createdAt
