// Which customers, by their places, did a model find most like each of these?
// @read many
// @param model: ID!
// @param customerIds: [ID!]!
// @return customerId: ID!
// @return places: [Int!]!
// @return weights: [Float!]!
UNWIND $customerIds AS customerId
MATCH (:Customer {id: customerId})-[s:SIMILAR_TO {model: $model}]->()
RETURN customerId, collect(s.place) AS places, collect(s.weight) AS weights
