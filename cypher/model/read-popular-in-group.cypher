// What is popular with each group?
// @read many
// @param model: ID!
// @return setId: ID!
// @return productIds: [ID!]!
// @return shares: [Float!]!
MATCH (s:Group)-[popular:POPULAR {model: $model}]->(p:Product)
RETURN s.id AS setId, collect(p.id) AS productIds, collect(popular.share) AS shares
