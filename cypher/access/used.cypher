// How often did each role use each root field, or try in vain, since this day, and when last?
// @read many
// @param since: String!
// @return role: String!
// @return field: String!
// @return count: Int!
// @return lastUsed: String
// @return denied: Int!
// @return lastDenied: String
MATCH (u:FieldUse)
WHERE u.day >= date($since)
WITH u.role AS role, u.field AS field, sum(u.count) AS count, sum(u.denied) AS denied,
     max(CASE WHEN u.count > 0 THEN u.day END) AS lastUsed, max(CASE WHEN u.denied > 0 THEN u.day END) AS lastDenied
RETURN role, field, count, toString(lastUsed) AS lastUsed, denied, toString(lastDenied) AS lastDenied
