// Moves entries of the suppression list from one key to another; where the other has the same entry already, one of them is enough.
// @write one
// @param rows: [{ from: String!, to: String! }!]!
// @return moved: Int!
UNWIND $rows AS row
MATCH (s:Suppression {key: row.from})
WITH s, row.to AS key, row.to + substring(s.entry, size(row.from)) AS entry
FOREACH (_ IN CASE WHEN EXISTS { (:Suppression {entry: entry}) } THEN [1] ELSE [] END | DETACH DELETE s)
FOREACH (_ IN CASE WHEN EXISTS { (:Suppression {entry: entry}) } THEN [] ELSE [1] END | SET s.key = key, s.entry = entry)
RETURN count(*) AS moved
