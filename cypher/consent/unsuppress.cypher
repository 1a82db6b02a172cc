// Takes an entry off the suppression list. No row: there is none.
// @write one
// @param id: ID!
// @return id: ID!
MATCH (s:Suppression {id: $id})
WITH s, s.id AS id
DELETE s
RETURN id
