// Describes products; one that has moved leaves its category for the new one (null: for none).
// @write one
// @param products: [{ id: ID!, name: String!, brand: String, department: String, category: String, type: String, packageSize: String, manufacturerId: ID, price: Float, margin: Float, active: Boolean!, merchandise: Boolean!, moved: Boolean!, inCategoryId: ID }!]!
// @return written: Int!
UNWIND $products AS row
MATCH (p:Product {id: row.id})
SET p.name = row.name, p.brand = row.brand, p.department = row.department, p.category = row.category, p.type = row.type,
    p.packageSize = row.packageSize, p.manufacturerId = row.manufacturerId, p.price = row.price, p.margin = row.margin,
    p.active = row.active, p.merchandise = row.merchandise
WITH p, row
CALL (p, row) {
  WITH p, row
  WHERE row.moved
  MATCH (p)-[old:IN_CATEGORY]->()
  DELETE old
}
CALL (p, row) {
  WITH p, row
  WHERE row.moved
  MATCH (category:Category {id: row.inCategoryId})
  CREATE (p)-[:IN_CATEGORY]->(category)
}
RETURN count(*) AS written
