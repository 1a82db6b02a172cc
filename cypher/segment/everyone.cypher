// Who is there?
// @read one
// @return ids: [ID!]!
MATCH (c:Customer)
WHERE c.id IS NOT NULL
RETURN collect(c.id) AS ids
