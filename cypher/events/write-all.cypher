// Leaves events to be published once this transaction is committed, in the order given.
// @write one
// @param rows: [{ id: ID!, topic: String!, key: ID!, payload: JSON! }!]!
// @return written: Int!
UNWIND range(0, size($rows) - 1) AS position
WITH position, $rows[position] AS row
CREATE (:Outbox {id: row.id, topic: row.topic, key: row.key, payload: row.payload, at: datetime.realtime(), position: position})
RETURN count(*) AS written
