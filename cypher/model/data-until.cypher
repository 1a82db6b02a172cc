// When was the latest order placed, up to an optional cut?
// @read one
// @param until: DateTime
// @return latest: DateTime
MATCH (o:Order)
WHERE $until IS NULL OR o.placedAt < $until
RETURN max(o.placedAt) AS latest
