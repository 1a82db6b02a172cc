// Writes what was decided about customers of a campaign, and counts it.
// @write one
// @param campaignId: ID!
// @param treatment: Int!
// @param holdout: Int!
// @param excluded: Int!
// @param decisions: [{ id: ID!, customerId: ID!, arm: String!, reasons: [String!]!, channel: String, notBefore: DateTime, score: Float, kind: String, model: ID!, asOf: DateTime!, at: DateTime!, inputs: JSON!, offers: String, waits: Boolean }!]!
// @return written: Int!
MATCH (k:Campaign {id: $campaignId})
MATCH (b:AudienceBuild {id: $campaignId})
SET b.treatment = b.treatment + $treatment, b.holdout = b.holdout + $holdout, b.excluded = b.excluded + $excluded
WITH k
UNWIND $decisions AS row
MATCH (c:Customer {id: row.customerId})
CREATE (c)-[:GOT]->(d:Decision)-[:IN]->(k)
SET d = row { .id, .arm, .reasons, .channel, .notBefore, .score, .kind, .model, .asOf, .at, .inputs, .offers, .waits }
RETURN count(*) AS written
