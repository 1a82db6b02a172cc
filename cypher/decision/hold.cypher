// This build goes on, and nothing of it is written by two at once. No row: another has taken over.
// @write one
// @param campaignId: ID!
// @param holder: ID!
// @param leaseMs: Int!
// @return treatment: Int!
MATCH (b:AudienceBuild {id: $campaignId})
SET b.held = true
WITH b
WHERE b.holder = $holder
SET b.until = datetime.realtime() + duration({milliseconds: $leaseMs})
RETURN b.treatment AS treatment
