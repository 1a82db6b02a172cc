// How many customers of a campaign does each reason hold for?
// @read many
// @param campaignId: ID!
// @return reason: String!
// @return customers: Int!
MATCH (:Campaign {id: $campaignId})<-[:IN]-(d:Decision)
UNWIND d.reasons AS reason
RETURN reason, count(*) AS customers
ORDER BY customers DESC, reason
