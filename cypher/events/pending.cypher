// What waits to be published, oldest first?
// @read many
// @param limit: Int!
// @return id: ID!
// @return topic: String!
// @return key: ID!
// @return payload: JSON!
MATCH (row:Outbox)
WHERE row.at IS NOT NULL
RETURN row.id AS id, row.topic AS topic, row.key AS key, row.payload AS payload
ORDER BY row.at, row.position
LIMIT $limit
