// What happened between a customer and campaigns, oldest first?
// @read many
// @param customerId: ID!
// @return id: ID!
// @return origin: String
// @return type: String!
// @return campaignId: ID!
// @return channel: String
// @return productId: ID
// @return orderId: ID
// @return at: DateTime
MATCH (:Customer {id: $customerId})-[:HAD]->(i:Interaction)-[:WITH]->(k:Campaign)
RETURN i.id AS id, i.origin AS origin, i.type AS type, k.id AS campaignId, i.channel AS channel, i.productId AS productId,
       i.orderId AS orderId, i.at AS at
ORDER BY at, id
