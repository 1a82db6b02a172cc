// Writes categories and which is below which.
// @write one
// @param rows: [{ id: ID!, name: String!, level: String!, parentId: ID }!]!
// @return written: Int!
UNWIND $rows AS row
MERGE (c:Category {id: row.id})
SET c.name = row.name, c.level = row.level
WITH c, row
CALL (c, row) {
  WITH c, row
  WHERE row.parentId IS NOT NULL
  MATCH (parent:Category {id: row.parentId})
  MERGE (c)-[:PARENT]->(parent)
}
RETURN count(*) AS written
