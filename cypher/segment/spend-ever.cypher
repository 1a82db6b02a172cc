// Whose orders add up to more than `above`, at least `min` and at most `max`?
// @read one
// @param above: Float!
// @param min: Float!
// @param max: Float!
// @return ids: [ID!]!
MATCH (c:Customer)
WHERE c.spent > $above AND c.spent >= $min AND c.spent <= $max
RETURN collect(c.id) AS ids
