// What forbids writing to these customers on these channels?
// @read many
// @param customerIds: [ID!]!
// @param channels: [String!]!
// @return customerId: ID!
// @return channel: String!
// @return consent: Boolean!
// @return suppressed: Boolean!
// @return contact: Boolean!
UNWIND $customerIds AS customerId
MATCH (c:Customer {id: customerId})
UNWIND $channels AS channel
CALL (c, channel) {
  OPTIONAL MATCH (c)-[:GAVE]->(k:Consent {channel: channel, purpose: 'MARKETING'})
  RETURN k.granted AS granted ORDER BY k.at DESC LIMIT 1
}
RETURN customerId, channel, coalesce(granted, false) AS consent, EXISTS { (:Suppression {key: 'customer:' + customerId}) } AS suppressed,
       CASE channel WHEN 'EMAIL' THEN c.emailIndex IS NOT NULL WHEN 'SMS' THEN c.phoneIndex IS NOT NULL ELSE true END AS contact
