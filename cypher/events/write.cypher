// Leaves an event to be published once this transaction is committed.
// @write one
// @param id: ID!
// @param topic: String!
// @param key: ID!
// @param payload: JSON!
// @return id: ID!
CREATE (row:Outbox {id: $id, topic: $topic, key: $key, payload: $payload, at: datetime.realtime(), position: 0})
RETURN row.id AS id
