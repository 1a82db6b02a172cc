// How many entries does the suppression list have?
// @read one
// @return entries: Int!
MATCH (s:Suppression)
WHERE s.at IS NOT NULL
RETURN count(s) AS entries
