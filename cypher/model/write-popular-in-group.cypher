// Writes what is popular with each group.
// @write one
// @param model: ID!
// @param rows: [{ setId: ID!, productId: ID!, share: Float!, customers: Int! }!]!
// @return relationships: Int!
UNWIND $rows AS row
MATCH (s:Group {id: row.setId})
MATCH (p:Product {id: row.productId})
CREATE (s)-[:POPULAR {model: $model, share: row.share, customers: row.customers}]->(p)
RETURN count(*) AS relationships
