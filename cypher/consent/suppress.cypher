// Puts a customer or an address on the suppression list, unless it is there for this channel (null: for all). No row: there is no such
// customer.
// @write one
// @param id: ID!
// @param entry: String!
// @param key: String!
// @param of: String!
// @param customerId: ID
// @param channel: String
// @param reason: String!
// @return suppression: { id: ID!, of: String!, customerId: ID, channel: String, reason: String!, at: DateTime! }!
WITH $customerId AS customerId
WHERE customerId IS NULL OR EXISTS { (:Customer {id: customerId}) }
MERGE (s:Suppression {entry: $entry})
ON CREATE SET s.id = $id, s.key = $key, s.of = $of, s.customerId = customerId, s.channel = $channel, s.reason = $reason,
              s.at = datetime.realtime()
RETURN s {.id, .of, .customerId, .channel, .reason, .at} AS suppression
