// These have been published: their rows may go, but for those with a number, which are kept for a while.
// @write one
// @param ids: [ID!]!
// @return published: Int!
UNWIND $ids AS id
MATCH (row:Outbox {id: id})
FOREACH (kept IN CASE WHEN row.number IS NULL THEN [] ELSE [row] END | SET kept.toldAt = datetime.realtime() REMOVE kept.at)
FOREACH (gone IN CASE WHEN row.number IS NULL THEN [row] ELSE [] END | DELETE gone)
RETURN count(*) AS published
