// Takes a campaign for this transaction and tells how far it is, by the database's clock. `changedBy`: who last changed what an approval
// is of. No row: there is none.
// @write one
// @param id: ID!
// @return status: String!
// @return author: String
// @return changedBy: String
// @return approvedBy: String
// @return startsAt: DateTime!
// @return endsAt: DateTime
// @return begun: Boolean!
// @return over: Boolean!
MATCH (c:Campaign {id: $id})
// A write takes the lock before anything is read.
SET c.lock = true
RETURN c.status AS status, c.author AS author, c.changedBy AS changedBy, c.approvedBy AS approvedBy, c.startsAt AS startsAt, c.endsAt AS endsAt,
       c.startsAt <= datetime.realtime() AS begun, coalesce(c.endsAt <= datetime.realtime(), false) AS over
