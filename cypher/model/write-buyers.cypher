// Writes who had bought each product when a model learned, by their places, ascending, and when each did last, in epoch ms.
// @write one
// @param model: ID!
// @param rows: [{ productId: ID!, places: [Int!]!, lastAt: [Float!]! }!]!
// @return relationships: Int!
UNWIND $rows AS row
MATCH (p:Product {id: row.productId})
CREATE (p)-[h:HAD_BUYERS {model: $model}]->(:Buyers {model: $model, places: row.places, lastAt: row.lastAt})
RETURN count(h) AS relationships
