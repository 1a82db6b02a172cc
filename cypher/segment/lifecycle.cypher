// Who is in these stages? Of those who ordered: NEW since `recent`, ACTIVE then but not new, LAPSING since `lapsing`, otherwise LOST.
// @read one
// @param stages: [String!]!
// @param recent: DateTime!
// @param lapsing: DateTime!
// @return ids: [ID!]!
MATCH (c:Customer)
WHERE c.lastOrderAt IS NOT NULL
WITH c, CASE
    WHEN c.firstOrderAt >= $recent THEN 'NEW'
    WHEN c.lastOrderAt >= $recent THEN 'ACTIVE'
    WHEN c.lastOrderAt >= $lapsing THEN 'LAPSING'
    ELSE 'LOST'
  END AS stage
WHERE stage IN $stages
RETURN collect(c.id) AS ids
