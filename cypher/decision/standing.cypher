// How do these customers stand with campaigns now: which of higher priority have them at the same time, and what came of messages, by channel?
// @read many
// @param customerIds: [ID!]!
// @param campaignId: ID!
// @param priority: Int!
// @param startsAt: DateTime!
// @param endsAt: DateTime!
// @return customerId: ID!
// @return objected: Boolean!
// @return claimedBy: [ID!]!
// @return responses: [{ channel: String!, sent: Int!, responses: Int!, refusals: Int! }!]!
UNWIND $customerIds AS customerId
MATCH (c:Customer {id: customerId})
RETURN customerId, coalesce(c.objected, false) AS objected,
       COLLECT {
         MATCH (c)-[:GOT]->(:Decision {arm: 'TREATMENT'})-[:IN]->(k:Campaign)
         WHERE k.id <> $campaignId AND k.priority > $priority AND k.startsAt < $endsAt AND k.endsAt > $startsAt AND k.status <> 'COMPLETED'
         RETURN k.id ORDER BY k.id
       } AS claimedBy,
       COLLECT {
         MATCH (c)-[:HAD]->(i:Interaction)
         WHERE i.channel IS NOT NULL
         WITH i.channel AS channel, count(CASE WHEN i.type = 'SENT' THEN 1 END) AS sent,
              count(CASE WHEN i.type IN ['CLICKED', 'REDEEMED', 'CONVERTED'] THEN 1 END) AS responses,
              count(CASE WHEN i.type IN ['UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'] THEN 1 END) AS refusals
         RETURN { channel: channel, sent: sent, responses: responses, refusals: refusals } ORDER BY channel
       } AS responses
