// How far is handing over these decisions? Without those that are not there; `customerId` is null once the customer was erased.
// @read many
// @param ids: [ID!]!
// @return id: ID!
// @return campaignId: ID!
// @return status: String!
// @return customerId: ID
// @return arm: String!
// @return channel: String
// @return objected: Boolean!
// @return language: String
// @return handedAt: DateTime
// @return deadAt: DateTime
// @return attempts: Int!
// @return error: String
UNWIND $ids AS id
MATCH (d:Decision {id: id})-[:IN]->(k:Campaign)
OPTIONAL MATCH (d)<-[:GOT]-(c:Customer)
RETURN d.id AS id, k.id AS campaignId, k.status AS status, c.id AS customerId, d.arm AS arm, d.channel AS channel,
       coalesce(c.objected, false) AS objected, c.language AS language, d.handedAt AS handedAt, d.deadAt AS deadAt,
       coalesce(d.attempts, 0) AS attempts, d.lastError AS error
