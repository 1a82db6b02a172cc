// Writes orders and their lines, the lines of a product in an order already summed. Customers and products exist.
// @write one
// @param rows: [{ id: ID!, customerId: ID!, placedAt: DateTime!, storeId: ID, value: Float!, counted: Boolean!, lines: [{ productId: ID!, quantity: Float!, value: Float!, discount: Float! }!]! }!]!
// @return written: Int!
UNWIND $rows AS row
MATCH (c:Customer {id: row.customerId})
MERGE (o:Order {id: row.id})
ON CREATE SET o.revision = 1, o.placedAt = row.placedAt, o.storeId = row.storeId, o.value = row.value, o.counted = row.counted,
              o.origin = 'IMPORT'
MERGE (c)-[:PLACED]->(o)
WITH o, row
WHERE o.origin = 'IMPORT' AND o.revision = 1
UNWIND row.lines AS line
MATCH (p:Product {id: line.productId})
MERGE (o)-[r:CONTAINS]->(p)
ON CREATE SET r.quantity = line.quantity, r.value = line.value, r.discount = line.discount
RETURN count(r) AS written
