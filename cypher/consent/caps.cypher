// Which caps do campaigns have that may still write by this channel?
// @read many
// @param channel: String!
// @return max: Int!
// @return days: Int!
// @return channel: String
MATCH (k:Campaign)
WHERE k.status IN ['DRAFT', 'SCHEDULED', 'RUNNING', 'PAUSED']
  AND k.capMax IS NOT NULL AND $channel IN k.channels AND coalesce(k.capChannel, $channel) = $channel
RETURN DISTINCT k.capMax AS max, k.capDays AS days, k.capChannel AS channel
