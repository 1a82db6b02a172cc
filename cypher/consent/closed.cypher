// Which channels (null: all) does the suppression list close under each of these keys?
// @read many
// @param keys: [String!]!
// @return key: String!
// @return channel: String
MATCH (s:Suppression)
WHERE s.key IN $keys
RETURN s.key AS key, s.channel AS channel
