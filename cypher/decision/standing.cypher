// How do these customers stand with campaigns now? Messages of others since an instant: treatments decided, and what was sent without; which
// campaigns of higher priority have them at the same time; and what came of messages, by channel.
// @read many
// @param customerIds: [ID!]!
// @param campaignId: ID!
// @param since: DateTime!
// @param priority: Int!
// @param startsAt: DateTime!
// @param endsAt: DateTime!
// @return customerId: ID!
// @return objected: Boolean!
// @return contacts: [{ at: DateTime!, channel: String }!]!
// @return claimedBy: [ID!]!
// @return responses: [{ channel: String!, sent: Int!, responses: Int!, refusals: Int! }!]!
UNWIND $customerIds AS customerId
MATCH (c:Customer {id: customerId})
CALL (c) {
  CALL (c) {
    MATCH (c)-[:GOT]->(d:Decision {arm: 'TREATMENT'})-[:IN]->(k:Campaign)
    WHERE d.at > $since AND k.id <> $campaignId
    RETURN d.at AS at, d.channel AS channel
    UNION ALL
    MATCH (c)-[:HAD]->(i:Interaction {type: 'SENT'})-[:WITH]->(k:Campaign)
    WHERE i.at > $since AND NOT EXISTS { (c)-[:GOT]->(:Decision {arm: 'TREATMENT'})-[:IN]->(k) }
    RETURN i.at AS at, i.channel AS channel
  }
  WITH at, channel ORDER BY at, channel
  RETURN collect({ at: at, channel: channel }) AS contacts
}
RETURN customerId, coalesce(c.objected, false) AS objected, contacts,
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
