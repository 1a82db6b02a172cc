// These have been published: their rows may go.
// @write one
// @param ids: [ID!]!
// @return deleted: Int!
UNWIND $ids AS id
MATCH (row:Outbox {id: id})
DELETE row
RETURN count(*) AS deleted
