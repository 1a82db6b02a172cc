// Which customers did a model find most like each of these?
// @read many
// @param model: ID!
// @param customerIds: [ID!]!
// @return customerId: ID!
// @return otherIds: [ID!]!
// @return weights: [Float!]!
UNWIND $customerIds AS customerId
MATCH (:Customer {id: customerId})-[s:SIMILAR_TO {model: $model}]->(other:Customer)
RETURN customerId, collect(other.id) AS otherIds, collect(s.weight) AS weights
