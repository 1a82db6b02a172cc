// Writes what a model learned as BOUGHT_AFTER.
// @write one
// @param model: ID!
// @param rows: [{ fromId: ID!, toId: ID!, orders: Int!, customers: Int!, cosine: Float!, support: Float!, confidence: Float!, lift: Float!, medianDays: Float! }!]!
// @return relationships: Int!
UNWIND $rows AS row
MATCH (a:Product {id: row.fromId})
MATCH (b:Product {id: row.toId})
CREATE (a)-[w:BOUGHT_AFTER {model: $model, orders: row.orders, customers: row.customers, cosine: row.cosine, support: row.support,
                            confidence: row.confidence, lift: row.lift, medianDays: row.medianDays}]->(b)
RETURN count(w) AS relationships
