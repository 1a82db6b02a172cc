// With whom did one of these things happen in a period, whatever the campaign?
// @read one
// @param types: [String!]!
// @param from: DateTime!
// @param to: DateTime!
// @return ids: [ID!]!
MATCH (i:Interaction)
WHERE i.at >= $from AND i.at < $to AND i.type IN $types
MATCH (i)<-[:HAD]-(c:Customer)
WITH DISTINCT c
RETURN collect(c.id) AS ids
