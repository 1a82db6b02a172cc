// How many entries of the suppression list stand for addresses under another PII key than this?
// @read one
// @param prefix: String!
// @return entries: Int!
MATCH (s:Suppression)
WHERE s.at IS NOT NULL AND s.of <> 'CUSTOMER' AND NOT s.key STARTS WITH $prefix
RETURN count(s) AS entries
