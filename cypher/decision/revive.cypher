// Dead letters, of one campaign or (null) of all, are due again as if they had never failed.
// @write one
// @param campaignId: ID
// @param changes: Boolean!
// @return revived: Int!
MATCH (d:Decision)-[:IN]->(k:Campaign)
WHERE d.deadAt IS NOT NULL AND ($campaignId IS NULL OR k.id = $campaignId)
FOREACH (_ IN CASE WHEN $changes THEN [1] ELSE [] END |
  SET d.deadAt = null, d.firstFailedAt = null, d.nextAttemptAt = null, d.attempts = null
)
RETURN count(d) AS revived
