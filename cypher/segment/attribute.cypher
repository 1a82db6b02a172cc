// Whose attribute is one of these values, or known at all?
// @read one
// @param name: String!
// @param values: [String!]
// @return ids: [ID!]!
MATCH (c:Customer)
WITH c, CASE $name
    WHEN 'age' THEN c.age
    WHEN 'income' THEN c.income
    WHEN 'householdSize' THEN c.householdSize
    WHEN 'homeOwnership' THEN c.homeOwnership
    WHEN 'maritalStatus' THEN c.maritalStatus
    WHEN 'householdComposition' THEN c.householdComposition
    WHEN 'kids' THEN c.kids
    WHEN 'language' THEN c.language
    WHEN 'timeZone' THEN c.timeZone
  END AS value
WHERE value IS NOT NULL AND ($values IS NULL OR value IN $values)
RETURN collect(c.id) AS ids
