// Which products did a customer look at, oldest first?
// @read many
// @param customerId: ID!
// @return id: ID!
// @return productId: ID!
// @return at: DateTime!
MATCH (:Customer {id: $customerId})-[v:VIEWED]->(p:Product)
RETURN v.id AS id, p.id AS productId, v.at AS at
ORDER BY at, id
