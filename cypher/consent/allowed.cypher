// What is to be known of these customers before anybody writes to them: what they last said to marketing by channel, their sealed
// contact details, and what went out to them since then (null: nothing is counted). A message is a decision to treat, as of when it
// was handed over if it was, or one SENT by a campaign that decided nothing such; those of the campaign `beside` don't count. Asked in the transaction that has locked them, nothing is missed.
// @read many
// @param ids: [ID!]!
// @param since: DateTime
// @param beside: ID
// @return id: ID!
// @return timeZone: String
// @return contactKey: String
// @return contactName: String
// @return contactEmail: String
// @return contactPhone: String
// @return emailIndex: String
// @return phoneIndex: String
// @return consents: [{ channel: String!, granted: Boolean! }!]!
// @return messages: [{ channel: String, at: DateTime! }!]!
UNWIND $ids AS id
MATCH (c:Customer {id: id})
RETURN c.id AS id, c.timeZone AS timeZone, c.contactKey AS contactKey, c.contactName AS contactName, c.contactEmail AS contactEmail,
       c.contactPhone AS contactPhone, c.emailIndex AS emailIndex, c.phoneIndex AS phoneIndex,
       COLLECT {
         MATCH (c)-[:GAVE]->(k:Consent)
         WHERE k.purpose = 'MARKETING'
         WITH k ORDER BY k.at DESC, k.granted
         WITH k.channel AS channel, collect(k.granted)[0] AS granted
         RETURN {channel: channel, granted: granted} AS consent
       } AS consents,
       COLLECT {
         MATCH (c)-[:GOT]->(d:Decision)
         WHERE d.arm = 'TREATMENT' AND coalesce(d.handedAt, d.at) > $since AND ($beside IS NULL OR NOT EXISTS { (d)-[:IN]->(:Campaign {id: $beside}) })
         RETURN {channel: d.channel, at: coalesce(d.handedAt, d.at)} AS message
         UNION ALL
         MATCH (c)-[:HAD]->(i:Interaction)-[:WITH]->(k:Campaign)
         WHERE i.type = 'SENT' AND i.at > $since AND NOT EXISTS { (c)-[:GOT]->(:Decision {arm: 'TREATMENT'})-[:IN]->(k) }
         RETURN {channel: i.channel, at: i.at} AS message
       } AS messages
