// Writes what a model measured of each product by itself.
// @write one
// @param model: ID!
// @param rows: [{ productId: ID!, customers: Int!, recent: Int!, before: Int!, recentShare: Float!, trend: Float! }!]!
// @return relationships: Int!
MATCH (m:Model {id: $model})
UNWIND $rows AS row
MATCH (p:Product {id: row.productId})
CREATE (m)-[:MEASURED {model: $model, customers: row.customers, recent: row.recent, before: row.before, recentShare: row.recentShare, trend: row.trend}]->(p)
RETURN count(*) AS relationships
