// Which of these interactions are recorded already, and when did their campaigns start, where there is such a campaign?
// @read many
// @param interactions: [{ id: ID!, eventId: ID!, campaignId: ID! }!]!
// @return id: ID!
// @return campaignId: ID!
// @return recorded: Boolean!
// @return startsAt: DateTime
UNWIND $interactions AS row
OPTIONAL MATCH (campaign:Campaign {id: row.campaignId})
RETURN row.id AS id, row.campaignId AS campaignId, campaign.startsAt AS startsAt,
       EXISTS { (:Event {id: row.eventId}) } OR EXISTS { (:Interaction {id: row.id}) } AS recorded
