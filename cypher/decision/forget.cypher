// Forgets what was decided of a campaign as it was before, a part at a time.
// @write one
// @param campaignId: ID!
// @param limit: Int!
// @return deleted: Int!
MATCH (b:AudienceBuild {id: $campaignId})
SET b.treatment = 0, b.holdout = 0, b.excluded = 0
WITH b
CALL () {
  MATCH (:Campaign {id: $campaignId})<-[:IN]-(d:Decision)
  WITH d LIMIT $limit
  DETACH DELETE d
  RETURN count(*) AS deleted
}
RETURN deleted
