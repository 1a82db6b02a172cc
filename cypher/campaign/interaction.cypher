// What happened between a customer and a campaign, as it was recorded?
// @read one
// @param id: ID!
// @return id: ID!
// @return type: String!
// @return channel: String
// @return productId: ID
// @return orderId: ID
// @return customerId: ID!
// @return campaignId: ID!
// @return at: DateTime!
MATCH (who)-[:HAD]->(i:Interaction {id: $id})-[:WITH]->(campaign:Campaign)
RETURN i.id AS id, i.type AS type, i.channel AS channel, i.productId AS productId, i.orderId AS orderId,
       who.id AS customerId, campaign.id AS campaignId, i.at AS at
