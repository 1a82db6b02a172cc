// Who objects to profiling?
// @read one
// @return ids: [ID!]!
MATCH (c:Customer)
WHERE c.objected = true
RETURN collect(c.id) AS ids
