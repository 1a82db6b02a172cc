// Writes customers with what is known of them, and the groups they belong to.
// @write one
// @param rows: [{ id: ID!, age: String, income: String, homeOwnership: String, maritalStatus: String, householdSize: String, householdComposition: String, kids: String, groups: [{ id: ID!, attribute: String!, value: String! }!]! }!]!
// @return written: Int!
UNWIND $rows AS row
MERGE (c:Customer {id: row.id})
ON CREATE SET c.origin = 'IMPORT'
SET c.age = row.age, c.income = row.income, c.homeOwnership = row.homeOwnership, c.maritalStatus = row.maritalStatus,
    c.householdSize = row.householdSize, c.householdComposition = row.householdComposition, c.kids = row.kids
WITH c, row
CALL (c, row) {
  MATCH (c)-[old:BELONGS_TO]->(g:Group)
  WHERE NOT g.id IN [group IN row.groups | group.id]
  DELETE old
}
CALL (c, row) {
  UNWIND row.groups AS group
  MERGE (g:Group {id: group.id})
  ON CREATE SET g.attribute = group.attribute, g.value = group.value
  MERGE (c)-[:BELONGS_TO]->(g)
}
RETURN count(*) AS written
