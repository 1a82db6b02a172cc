// Notes how far a load has come, in the transaction of what it wrote.
// @write one
// @param id: ID!
// @param rows: Int!
// @param done: Boolean!
// @return id: ID!
MERGE (l:Load {id: $id})
SET l.rows = $rows, l.done = $done
RETURN l.id AS id
