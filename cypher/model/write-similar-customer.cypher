// Writes which customers are most like each one, and how much each of them counts.
// @write one
// @param model: ID!
// @param rows: [{ customerId: ID!, otherIds: [ID!]!, weights: [Float!]! }!]!
// @return relationships: Int!
UNWIND $rows AS row
MATCH (c:Customer {id: row.customerId})
UNWIND range(0, size(row.otherIds) - 1) AS i
MATCH (other:Customer {id: row.otherIds[i]})
CREATE (c)-[s:SIMILAR_TO {model: $model, weight: row.weights[i]}]->(other)
RETURN count(s) AS relationships
