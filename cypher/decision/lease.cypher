// Who decides about a campaign's customers? This build from now on, if no other does or whichever did has let the time run out.
// `revision`: what the campaign says, as long as that may change. `forgets`: what was decided so far was decided by what it said before.
// Once the campaign is no DRAFT any more nothing is forgotten. `model`: with which an interrupted build goes on.
// @write one
// @param campaignId: ID!
// @param holder: ID!
// @param leaseMs: Int!
// @param revision: String
// @param total: Int!
// @return mine: Boolean!
// @return forgets: Boolean!
// @return model: ID
MERGE (b:AudienceBuild {id: $campaignId})
// The lock first: of two that come together one finds what the other wrote.
SET b.held = true
WITH b, b.holder IS NULL OR b.until < datetime.realtime() AS mine,
     EXISTS { (:Campaign {id: $campaignId, status: 'DRAFT'}) } AND (coalesce(b.forgets, false) OR coalesce(b.revision <> $revision, false)) AS forgets,
     coalesce(b.status = 'BUILDING', false) AS goesOn
WITH b, mine, forgets, goesOn AND NOT forgets AS goesOn
CALL (b, mine, forgets, goesOn) {
  WITH b, mine, forgets, goesOn
  WHERE mine
  SET b.forgets = forgets, b.revision = coalesce($revision, b.revision), b.model = CASE WHEN goesOn THEN b.model END,
      b.startedAt = CASE WHEN goesOn THEN b.startedAt ELSE datetime.realtime() END, b.finishedAt = null,
      b.status = 'BUILDING', b.total = $total, b.holder = $holder, b.until = datetime.realtime() + duration({milliseconds: $leaseMs}),
      b.treatment = coalesce(b.treatment, 0), b.holdout = coalesce(b.holdout, 0), b.excluded = coalesce(b.excluded, 0)
}
RETURN mine, forgets, b.model AS model
