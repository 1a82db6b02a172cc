// Who is in these fifths of those who ordered, by when they last did (5: most lately)? A fifth is 1 + the whole part of 5 times the share that is strictly lower.
// @read one
// @param fifths: [Int!]!
// @return ids: [ID!]!
MATCH (c:Customer)
WHERE c.lastOrderAt IS NOT NULL
WITH c.lastOrderAt AS value ORDER BY value
WITH collect(value) AS sorted
WITH [k IN range(1, 4) | sorted[(k * size(sorted) + 4) / 5 - 1]] AS bounds
MATCH (c:Customer)
WHERE c.lastOrderAt IS NOT NULL AND 1 + size([bound IN bounds WHERE c.lastOrderAt > bound]) IN $fifths
RETURN collect(c.id) AS ids
