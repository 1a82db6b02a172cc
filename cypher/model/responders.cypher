// Which customers responded to each campaign before an instant?
// @read many
// @param until: DateTime!
// @return campaignId: ID!
// @return customerIds: [ID!]!
MATCH (campaign:Campaign)<-[:WITH]-(i:Interaction)<-[:HAD]-(c:Customer)
WHERE i.type IN ['CLICKED', 'REDEEMED', 'CONVERTED'] AND i.at < $until
RETURN campaign.id AS campaignId, collect(DISTINCT c.id) AS customerIds
