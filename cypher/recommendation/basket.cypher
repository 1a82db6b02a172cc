// What is in a basket, as far as it is known?
// @read many
// @param productIds: [ID!]!
// @return id: ID!
// @return name: String!
// @return sold: Boolean!
// @return department: String
// @return category: String
// @return type: String
UNWIND $productIds AS id
MATCH (p:Product {id: id})
RETURN DISTINCT p.id AS id, p.name AS name, p.merchandise AND p.active AS sold, p.department AS department, p.category AS category, p.type AS type
