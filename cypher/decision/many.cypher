// What was decided, in the order of these ids?
// @read many
// @param ids: [ID!]!
// @return id: ID!
// @return campaignId: ID!
// @return customerId: ID!
// @return arm: String!
// @return reasons: [String!]!
// @return channel: String
// @return notBefore: DateTime
// @return score: Float
// @return model: ID!
// @return asOf: DateTime!
// @return at: DateTime!
// @return inputs: JSON!
// @return offers: String
UNWIND $ids AS id
MATCH (c:Customer)-[:GOT]->(d:Decision {id: id})-[:IN]->(k:Campaign)
RETURN d.id AS id, k.id AS campaignId, c.id AS customerId, d.arm AS arm, d.reasons AS reasons, d.channel AS channel, d.notBefore AS notBefore,
       d.score AS score, d.model AS model, d.asOf AS asOf, d.at AS at, d.inputs AS inputs, d.offers AS offers
