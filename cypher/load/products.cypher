// Writes products with their three levels of category.
// @write one
// @param rows: [{ id: ID!, name: String!, manufacturerId: ID, department: String, brand: String, category: String, type: String, packageSize: String, merchandise: Boolean!, departmentId: ID, categoryId: ID, typeId: ID }!]!
// @return written: Int!
UNWIND $rows AS row
MERGE (p:Product {id: row.id})
ON CREATE SET p.active = true, p.origin = 'IMPORT'
SET p.name = row.name, p.manufacturerId = row.manufacturerId, p.department = row.department, p.brand = row.brand,
    p.category = row.category, p.type = row.type, p.packageSize = row.packageSize, p.merchandise = row.merchandise
WITH p, row
CALL (p, row) {
  MATCH (p)-[old:IN_CATEGORY]->(t)
  WHERE t.id <> row.typeId OR row.typeId IS NULL
  DELETE old
}
CALL (p, row) {
  WITH p, row
  WHERE row.typeId IS NOT NULL
  MATCH (t:Category {id: row.typeId})
  MERGE (p)-[:IN_CATEGORY]->(t)
}
RETURN count(*) AS written
