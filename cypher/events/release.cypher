// This instance publishes no more: another may at once.
// @write one
// @param holder: ID!
// @return id: ID!
MATCH (l:Lock {id: 'relay', holder: $holder})
SET l.holder = null, l.until = null
RETURN l.id AS id
