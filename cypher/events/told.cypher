// What was told about a key after a number, in order?
// @read many
// @param key: ID!
// @param after: Int!
// @param limit: Int!
// @return number: Int!
// @return payload: JSON!
MATCH (row:Outbox)
WHERE row.key = $key AND row.number > $after
RETURN row.number AS number, row.payload AS payload
ORDER BY number
LIMIT $limit
