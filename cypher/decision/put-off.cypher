// These decisions are not delivered now: they are due again at `until`, or at once. `error`: why an attempt failed; after so many hours of
// failing a decision is a dead letter. Answers how many are.
// @write one
// @param rows: [{ id: ID!, until: DateTime, error: String }!]!
// @param hours: Int!
// @return dead: Int!
UNWIND $rows AS row
MATCH (d:Decision {id: row.id})
WHERE d.handedAt IS NULL
SET d.leasedUntil = null, d.nextAttemptAt = coalesce(row.until, d.nextAttemptAt), d.lastError = coalesce(row.error, d.lastError),
    d.attempts = coalesce(d.attempts, 0) + CASE WHEN row.error IS NULL THEN 0 ELSE 1 END,
    d.firstFailedAt = CASE WHEN row.error IS NULL THEN d.firstFailedAt ELSE coalesce(d.firstFailedAt, datetime.realtime()) END
WITH d, row
WHERE row.error IS NOT NULL AND d.firstFailedAt + duration({hours: $hours}) <= datetime.realtime()
SET d.deadAt = datetime.realtime()
RETURN count(d) AS dead
