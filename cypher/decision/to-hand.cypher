// Whom does a campaign treat who is not handed over yet, in the order of the decisions' ids after `after`? `language`: the customer's.
// @read many
// @param campaignId: ID!
// @param after: String!
// @param first: Int!
// @return id: ID!
// @return customerId: ID!
// @return channel: String
// @return objected: Boolean!
// @return language: String
MATCH (:Campaign {id: $campaignId})<-[:IN]-(d:Decision)
WHERE d.arm = 'TREATMENT' AND d.handedAt IS NULL AND d.id > $after
MATCH (d)<-[:GOT]-(c:Customer)
RETURN d.id AS id, c.id AS customerId, d.channel AS channel, coalesce(c.objected, false) AS objected, c.language AS language
ORDER BY id
LIMIT $first
