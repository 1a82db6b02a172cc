// Writes the weights a model learned jointly: beside each product one array, by the position of the product they lead from.
// @write one
// @param model: ID!
// @param rows: [{ productId: ID!, from: String!, position: Int!, values: [Float!]! }!]!
// @return relationships: Int!
UNWIND $rows AS row
MATCH (p:Product {id: row.productId})
CREATE (p)-[h:HAS_WEIGHTS {model: $model, from: row.from, position: row.position}]->(:ItemWeights {model: $model, values: row.values})
RETURN count(h) AS relationships
