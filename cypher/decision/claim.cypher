// Which decisions does this instance deliver for a while? Those that are due and that no other does, or whose time ran out with it.
// @write many
// @param campaignId: ID!
// @param leaseMs: Int!
// @param first: Int!
// @return id: ID!
// @return customerId: ID!
// @return channel: String
// @return objected: Boolean!
// @return language: String
// @return attempts: Int!
MATCH (k:Campaign {id: $campaignId})
// The lock first: of two that come together one finds what the other claimed, and nothing is claimed of what was paused before.
SET k.lock = true
WITH k
WHERE k.status = 'RUNNING' AND k.webhookUrl IS NOT NULL AND k.startsAt <= datetime.realtime() AND k.endsAt > datetime.realtime()
MATCH (k)<-[:IN]-(d:Decision)
WHERE d.arm = 'TREATMENT' AND d.handedAt IS NULL AND d.deadAt IS NULL AND coalesce(d.leasedUntil < datetime.realtime(), true)
  AND coalesce(d.nextAttemptAt <= datetime.realtime(), true)
MATCH (d)<-[:GOT]-(c:Customer)
WITH d, c
ORDER BY d.id
LIMIT $first
SET d.leasedUntil = datetime.realtime() + duration({milliseconds: $leaseMs})
RETURN d.id AS id, c.id AS customerId, d.channel AS channel, coalesce(c.objected, false) AS objected, c.language AS language,
       coalesce(d.attempts, 0) AS attempts
