// Whose newest word on marketing by a channel is yes? Of two said at the same moment a no counts.
// @read one
// @param channel: String!
// @return ids: [ID!]!
MATCH (k:Consent {purpose: 'MARKETING', channel: $channel})<-[:GAVE]-(c:Customer)
WHERE k.granted AND NOT EXISTS {
  MATCH (c)-[:GAVE]->(no:Consent)
  WHERE no.purpose = 'MARKETING' AND no.channel = $channel AND NOT no.granted AND no.at >= k.at
}
WITH DISTINCT c
RETURN collect(c.id) AS ids
