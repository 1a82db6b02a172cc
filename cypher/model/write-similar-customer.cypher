// Writes which customers are most like each one, how much each of them counts, and their places in lists of buyers.
// @write one
// @param model: ID!
// @param rows: [{ customerId: ID!, otherIds: [ID!]!, places: [Int!]!, weights: [Float!]! }!]!
// @return relationships: Int!
UNWIND $rows AS row
MATCH (c:Customer {id: row.customerId})
UNWIND range(0, size(row.otherIds) - 1) AS i
MATCH (other:Customer {id: row.otherIds[i]})
CREATE (c)-[s:SIMILAR_TO {model: $model, place: row.places[i], weight: row.weights[i]}]->(other)
RETURN count(s) AS relationships
