// Decides anew about those who waited for the budget, and counts it.
// @write one
// @param campaignId: ID!
// @param treatment: Int!
// @param holdout: Int!
// @param decisions: [{ id: ID!, arm: String!, reasons: [String!]!, channel: String, notBefore: DateTime, at: DateTime!, inputs: JSON! }!]!
// @return written: Int!
MATCH (b:AudienceBuild {id: $campaignId})
SET b.treatment = b.treatment + $treatment, b.holdout = b.holdout + $holdout, b.excluded = b.excluded - $treatment - $holdout
WITH b
UNWIND $decisions AS row
MATCH (d:Decision {id: row.id})
SET d.arm = row.arm, d.reasons = row.reasons, d.channel = row.channel, d.notBefore = row.notBefore, d.at = row.at, d.inputs = row.inputs, d.waits = null,
    d.offers = CASE row.arm WHEN 'EXCLUDED' THEN null ELSE d.offers END
RETURN count(*) AS written
