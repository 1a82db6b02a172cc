// How popular are these products in some groups?
// @read many
// @param groupIds: [ID!]!
// @param productIds: [ID!]!
// @param model: ID!
// @return productId: ID!
// @return groupId: ID!
// @return attribute: String!
// @return value: String!
// @return share: Float!
// @return customers: Int!
UNWIND $groupIds AS groupId
MATCH (g:Group {id: groupId})-[s:POPULAR {model: $model}]->(p:Product)
WHERE p.id IN $productIds
RETURN p.id AS productId, groupId, g.attribute AS attribute, g.value AS value, s.share AS share, s.customers AS customers
