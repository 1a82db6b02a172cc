// With which model does a build decide? Once told it is that one until the build has ended, however often it is broken off.
// @write one
// @param campaignId: ID!
// @param model: ID!
// @return model: ID!
MATCH (b:AudienceBuild {id: $campaignId})
SET b.model = $model, b.forgets = false
RETURN b.model AS model
