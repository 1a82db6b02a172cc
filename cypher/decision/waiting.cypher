// Who waits for the budget, best expected first?
// @read many
// @param campaignId: ID!
// @param first: Int!
// @return id: ID!
// @return customerId: ID!
// @return inputs: JSON!
MATCH (:Campaign {id: $campaignId})<-[:IN]-(d:Decision {waits: true})
MATCH (d)<-[:GOT]-(c:Customer)
WITH d, c ORDER BY d.score DESC, c.id
LIMIT $first
RETURN d.id AS id, c.id AS customerId, d.inputs AS inputs
