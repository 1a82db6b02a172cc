// What stands on the suppression list under one of these keys, the newest first?
// @read many
// @param keys: [String!]!
// @return suppression: { id: ID!, of: String!, customerId: ID, channel: String, reason: String!, at: DateTime! }!
MATCH (s:Suppression)
WHERE s.key IN $keys
RETURN s {.id, .of, .customerId, .channel, .reason, .at} AS suppression
ORDER BY s.at DESC, s.id
