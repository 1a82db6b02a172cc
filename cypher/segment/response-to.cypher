// With whom did one of these things happen in a period, with one campaign?
// @read one
// @param campaignId: ID!
// @param types: [String!]!
// @param from: DateTime!
// @param to: DateTime!
// @return ids: [ID!]!
MATCH (:Campaign {id: $campaignId})<-[:WITH]-(i:Interaction)<-[:HAD]-(c:Customer)
WHERE i.at >= $from AND i.at < $to AND i.type IN $types
WITH DISTINCT c
RETURN collect(c.id) AS ids
