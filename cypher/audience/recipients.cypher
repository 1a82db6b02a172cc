// Who has had anything to do with a campaign: was sent it, or responded?
// @read many
// @param campaignId: ID!
// @return customerId: ID!
MATCH (:Campaign {id: $campaignId})<-[:WITH]-(:Interaction)<-[:HAD]-(c:Customer)
RETURN DISTINCT c.id AS customerId
