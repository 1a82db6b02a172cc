// How far is the decision about a campaign's customers? No row: the campaign is not known.
// @read one
// @param campaignId: ID!
// @return status: String!
// @return total: Int!
// @return treatment: Int!
// @return holdout: Int!
// @return excluded: Int!
// @return startedAt: DateTime
// @return finishedAt: DateTime
MATCH (k:Campaign {id: $campaignId})
OPTIONAL MATCH (b:AudienceBuild {id: $campaignId})
RETURN CASE WHEN b IS NULL THEN 'NONE' WHEN b.status = 'BUILT' THEN 'BUILT' WHEN b.until > datetime.realtime() THEN 'BUILDING' ELSE 'INTERRUPTED' END AS status,
       coalesce(b.total, 0) AS total, coalesce(b.treatment, 0) AS treatment, coalesce(b.holdout, 0) AS holdout, coalesce(b.excluded, 0) AS excluded,
       b.startedAt AS startedAt, b.finishedAt AS finishedAt
LIMIT 1
