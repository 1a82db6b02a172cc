// Writes orders and their lines, the lines of a product in an order already summed. Customers and products exist. An order that is
// there has all its lines, which were written with it, and stays as it is.
// @write one
// @param rows: [{ id: ID!, customerId: ID!, placedAt: DateTime!, storeId: ID, value: Float!, counted: Boolean!, lines: [{ productId: ID!, quantity: Float!, value: Float!, discount: Float!, couponDiscount: Float! }!]! }!]!
// @return written: Int!
UNWIND $rows AS row
WITH row
WHERE NOT EXISTS { (:Order {id: row.id}) }
MATCH (c:Customer {id: row.customerId})
CREATE (c)-[:PLACED]->(o:Order {id: row.id, revision: 1, placedAt: row.placedAt, storeId: row.storeId, value: row.value, counted: row.counted, origin: 'IMPORT'})
WITH o, row
UNWIND row.lines AS line
MATCH (p:Product {id: line.productId})
CREATE (o)-[:CONTAINS {quantity: line.quantity, value: line.value, discount: line.discount, couponDiscount: CASE WHEN line.couponDiscount > 0 THEN line.couponDiscount END}]->(p)
RETURN count(*) AS written
