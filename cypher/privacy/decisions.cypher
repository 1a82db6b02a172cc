// What did campaigns decide about a customer, oldest first?
// @read many
// @param customerId: ID!
// @return decision: { id: ID!, arm: String!, reasons: [String!]!, channel: String, notBefore: DateTime, score: Float, kind: String, model: ID!, asOf: DateTime!, at: DateTime!, handedAt: DateTime, deadAt: DateTime }!
// @return campaignId: ID!
// @return offers: String
// @return inputs: JSON!
MATCH (:Customer {id: $customerId})-[:GOT]->(d:Decision)-[:IN]->(k:Campaign)
RETURN d {.id, .arm, .reasons, .channel, .notBefore, .score, .kind, .model, .asOf, .at, .handedAt, .deadAt} AS decision,
       k.id AS campaignId, d.offers AS offers, d.inputs AS inputs
ORDER BY d.at, d.id
