// Which campaigns had ended before an instant, to whom were they sent, and who of these responded? The latest ones, of each the first by id.
// @read many
// @param until: DateTime!
// @param campaigns: Int!
// @param recipients: Int!
// @return campaignId: ID!
// @return startsAt: DateTime!
// @return customerIds: [ID!]!
// @return responderIds: [ID!]!
MATCH (campaign:Campaign)
WHERE campaign.endsAt < $until
WITH campaign ORDER BY campaign.endsAt DESC, campaign.id
LIMIT $campaigns
CALL (campaign) {
  MATCH (campaign)<-[:WITH]-(:Interaction {type: 'SENT'})<-[:HAD]-(c:Customer)
  WHERE NOT coalesce(c.objected, false)
  WITH DISTINCT campaign, c ORDER BY c.id
  LIMIT $recipients
  WITH c, EXISTS {
    (c)-[:HAD]->(i:Interaction)-[:WITH]->(campaign)
    WHERE i.type IN ['REDEEMED', 'CONVERTED'] AND i.at < $until
  } AS responded
  RETURN collect(c.id) AS customerIds, collect(CASE WHEN responded THEN c.id END) AS responderIds
}
RETURN campaign.id AS campaignId, campaign.startsAt AS startsAt, customerIds, responderIds
ORDER BY campaignId
