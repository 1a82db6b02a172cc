// When was the latest order placed?
// @read one
// @return latest: DateTime!
MATCH (o:Order)
WHERE o.placedAt IS NOT NULL
RETURN o.placedAt AS latest
ORDER BY o.placedAt DESC
LIMIT 1
