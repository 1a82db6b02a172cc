// Numbers what is about to be told and is kept for those who come back, in the order given; what has a number keeps it.
// @write many
// @param ids: [ID!]!
// @return id: ID!
// @return number: Int!
MERGE (told:Lock {id: 'told'})
// The lock first: of two that come together one finds what the other wrote.
SET told.held = true
WITH told, coalesce(told.last, 0) AS last
SET told.last = last + size($ids)
WITH last
UNWIND range(0, size($ids) - 1) AS at
MATCH (row:Outbox {id: $ids[at]})
SET row.number = coalesce(row.number, last + 1 + at)
RETURN row.id AS id, row.number AS number
