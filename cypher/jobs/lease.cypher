// Who does this job? This instance from now on, or still, if nobody else does or whoever did has let the time run out.
// @write one
// @param job: ID!
// @param holder: ID!
// @param leaseMs: Int!
// @return mine: Boolean!
MERGE (l:Lock {id: $job})
// The lock first: of two that come together one finds what the other wrote.
SET l.held = true
WITH l, l.holder IS NULL OR l.holder = $holder OR l.until < datetime.realtime() AS mine
SET l.holder = CASE WHEN mine THEN $holder ELSE l.holder END,
    l.until = CASE WHEN mine THEN datetime.realtime() + duration({milliseconds: $leaseMs}) ELSE l.until END
RETURN mine
