// The suppression list, the newest first.
// @read many
// @param first: Int!
// @return suppression: { id: ID!, of: String!, customerId: ID, channel: String, reason: String!, at: DateTime! }!
MATCH (s:Suppression)
WHERE s.at IS NOT NULL
WITH s
ORDER BY s.at DESC, s.id
LIMIT $first
RETURN s {.id, .of, .customerId, .channel, .reason, .at} AS suppression
