// Takes a campaign for this transaction and tells how far it is. No row: there is none.
// @write one
// @param id: ID!
// @return status: String!
MATCH (c:Campaign {id: $id})
// A write takes the lock before anything is read.
SET c.lock = true
RETURN c.status AS status
