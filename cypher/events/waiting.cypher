// How many events wait to be published, and for how many seconds the oldest has?
// @read one
// @return rows: Int!
// @return seconds: Float!
MATCH (row:Outbox)
WHERE row.at IS NOT NULL
WITH count(row) AS rows, min(row.at) AS oldest
RETURN rows, coalesce((datetime.realtime().epochMillis - oldest.epochMillis) / 1000.0, 0.0) AS seconds
