// Describes customers; of an attribute that has changed, the group follows.
// @write one
// @param groups: [{ id: ID!, attribute: String!, value: String! }!]!
// @param customers: [{ id: ID!, age: String, income: String, householdSize: String, language: String, timeZone: String, regrouped: [{ attribute: String!, groupId: ID }!]! }!]!
// @return written: Int!
CALL () {
  UNWIND $groups AS group
  MERGE (g:Group {id: group.id})
  ON CREATE SET g.attribute = group.attribute, g.value = group.value
  RETURN count(*) AS groups
}
UNWIND $customers AS row
MATCH (c:Customer {id: row.id})
SET c.age = row.age, c.income = row.income, c.householdSize = row.householdSize, c.language = row.language,
    c.timeZone = row.timeZone, c.change = CASE WHEN size(row.regrouped) > 0 THEN randomUUID() ELSE c.change END
WITH c, row
CALL (c, row) {
  UNWIND row.regrouped AS change
  MATCH (c)-[old:BELONGS_TO]->(:Group {attribute: change.attribute})
  DELETE old
}
CALL (c, row) {
  UNWIND row.regrouped AS change
  MATCH (g:Group {id: change.groupId})
  MERGE (c)-[:BELONGS_TO]->(g)
}
RETURN count(*) AS written
