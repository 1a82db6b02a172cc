// By which channel did these customers refuse? Where that is not told: by the one they were decided to be written to by, or else the
// only one of the campaign.
// @read many
// @param interactions: [{ id: ID!, customerId: ID!, campaignId: ID!, channel: String }!]!
// @return id: ID!
// @return channel: String
UNWIND $interactions AS row
MATCH (k:Campaign {id: row.campaignId})
OPTIONAL MATCH (:Customer {id: row.customerId})-[:GOT]->(d:Decision)-[:IN]->(k)
RETURN row.id AS id, coalesce(row.channel, d.channel, CASE WHEN size(k.channels) = 1 THEN k.channels[0] END) AS channel
