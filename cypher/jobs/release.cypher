// This instance does this job no more: another may at once.
// @write one
// @param job: ID!
// @param holder: ID!
// @return id: ID!
MATCH (l:Lock {id: $job, holder: $holder})
SET l.holder = null, l.until = null
RETURN l.id AS id
