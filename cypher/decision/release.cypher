// This build has ended, with all that was to be decided or without. Another may begin at once.
// @write one
// @param campaignId: ID!
// @param holder: ID!
// @param built: Boolean!
// @return treatment: Int!
// @return holdout: Int!
// @return excluded: Int!
MATCH (b:AudienceBuild {id: $campaignId})
SET b.held = true
WITH b
WHERE b.holder = $holder
SET b.holder = null, b.until = null, b.status = CASE WHEN $built THEN 'BUILT' ELSE b.status END,
    b.finishedAt = CASE WHEN $built THEN datetime.realtime() END
RETURN b.treatment AS treatment, b.holdout AS holdout, b.excluded AS excluded
