// What is known of products has changed: offers kept until now, if any, are computed anew.
// @write one
// @param change: ID!
// @return change: ID!
MATCH (s:Snapshot)
WITH count(s) AS snapshots
WHERE snapshots > 0
MERGE (l:Lock {id: 'catalog'})
SET l.change = $change
RETURN l.change AS change
