// Notes that these decisions of customers who are locked have been handed over, each once: the customer was SENT it.
// @write many
// @param ids: [ID!]!
// @return interactionId: ID!
// @return campaignId: ID!
UNWIND $ids AS id
MATCH (c:Customer)-[:GOT]->(d:Decision {id: id})-[:IN]->(k:Campaign)
WHERE d.arm = 'TREATMENT' AND d.handedAt IS NULL
SET d.handedAt = datetime.realtime(), c.change = 'handed:' + d.id
CREATE (c)-[:HAD]->(i:Interaction {id: 'handed:' + d.id, type: 'SENT', channel: d.channel, at: d.handedAt})-[:WITH]->(k)
RETURN i.id AS interactionId, k.id AS campaignId
