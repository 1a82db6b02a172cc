// Writes each product's share of what is bought lately of its type.
// @write one
// @param model: ID!
// @param rows: [{ categoryId: ID!, productId: ID!, share: Float!, customers: Int! }!]!
// @return relationships: Int!
UNWIND $rows AS row
MATCH (c:Category {id: row.categoryId})
MATCH (p:Product {id: row.productId})
CREATE (c)-[:POPULAR {model: $model, share: row.share, customers: row.customers}]->(p)
RETURN count(*) AS relationships
