// Uses before this day are of no interest any more.
// @write one
// @param before: String!
// @return deleted: Int!
MATCH (u:FieldUse)
WHERE u.day < date($before)
DELETE u
RETURN count(*) AS deleted
