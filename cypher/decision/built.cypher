// How far is the decision about a campaign's customers, and what did the campaign say then? No row: nothing is decided.
// @read one
// @param campaignId: ID!
// @return status: String!
// @return revision: String
MATCH (b:AudienceBuild {id: $campaignId})
RETURN b.status AS status, b.revision AS revision
