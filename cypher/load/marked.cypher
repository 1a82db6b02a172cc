// How far has this load come?
// @read one
// @param id: ID!
// @return rows: Int!
// @return done: Boolean!
MATCH (l:Load {id: $id})
RETURN l.rows AS rows, l.done AS done
