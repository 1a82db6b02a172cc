// Whom does a campaign treat who is not handed over yet, in the order of the decisions' ids after `after`? `dead`: only
// those whose webhook would not take them. `language`: the customer's.
// @read many
// @param campaignId: ID!
// @param after: String!
// @param first: Int!
// @param dead: Boolean!
// @return id: ID!
// @return customerId: ID!
// @return channel: String
// @return objected: Boolean!
// @return language: String
MATCH (:Campaign {id: $campaignId})<-[:IN]-(d:Decision)
WHERE d.arm = 'TREATMENT' AND d.handedAt IS NULL AND d.id > $after AND (NOT $dead OR d.deadAt IS NOT NULL)
MATCH (d)<-[:GOT]-(c:Customer)
RETURN d.id AS id, c.id AS customerId, d.channel AS channel, coalesce(c.objected, false) AS objected, c.language AS language
ORDER BY id
LIMIT $first
