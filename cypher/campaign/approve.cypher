// Notes who approves of a campaign as it is.
// @write one
// @param id: ID!
// @param by: String!
// @return id: ID!
MATCH (c:Campaign {id: $id})
SET c.approvedBy = $by, c.approvedAt = datetime.realtime(), c.updatedAt = datetime.realtime()
RETURN c.id AS id
