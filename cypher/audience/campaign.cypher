// What is a campaign, and at which segment does it aim, where it aims at one?
// @read one
// @param campaignId: ID!
// @return name: String!
// @return startsAt: DateTime!
// @return segmentId: ID
MATCH (campaign:Campaign {id: $campaignId})
RETURN campaign.name AS name, campaign.startsAt AS startsAt, [(campaign)-[:AIMS_AT]->(s:Segment) | s.id][0] AS segmentId
