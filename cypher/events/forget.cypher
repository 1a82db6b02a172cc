// Forgets what was told longer ago than is kept, and notes up to which number.
// @write one
// @param seconds: Int!
// @param limit: Int!
// @return forgotten: Int!
MATCH (row:Outbox)
WHERE row.toldAt < datetime.realtime() - duration({seconds: $seconds})
WITH row
ORDER BY row.toldAt
LIMIT $limit
WITH collect(row) AS rows, max(row.number) AS last
MATCH (told:Lock {id: 'told'})
SET told.forgotten = CASE WHEN last > coalesce(told.forgotten, 0) THEN last ELSE coalesce(told.forgotten, 0) END
FOREACH (row IN rows | DELETE row)
RETURN size(rows) AS forgotten
