// How popular are these products with those who responded to some campaigns?
// @read many
// @param campaignIds: [ID!]!
// @param productIds: [ID!]!
// @param model: ID!
// @return productId: ID!
// @return campaignId: ID!
// @return name: String
// @return share: Float!
// @return customers: Int!
UNWIND $campaignIds AS campaignId
MATCH (c:Campaign {id: campaignId})-[s:POPULAR {model: $model}]->(p:Product)
WHERE p.id IN $productIds
RETURN p.id AS productId, campaignId, c.name AS name, s.share AS share, s.customers AS customers
