// Whose orders of a period add up to more than `above`, at least `min` and at most `max`?
// @read one
// @param from: DateTime!
// @param to: DateTime!
// @param above: Float!
// @param min: Float!
// @param max: Float!
// @return ids: [ID!]!
MATCH (o:Order)
WHERE o.placedAt >= $from AND o.placedAt < $to AND o.counted
MATCH (o)<-[:PLACED]-(c:Customer)
WITH c, round(sum(o.value), 6) AS spent
WHERE spent > $above AND spent >= $min AND spent <= $max
RETURN collect(c.id) AS ids
