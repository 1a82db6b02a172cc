// Does this customer exist, and has a purchase that could lead somewhere?
// @read one
// @param customerId: ID!
// @return customerId: ID!
// @return products: Int!
MATCH (c:Customer {id: $customerId})
RETURN c.id AS customerId, COUNT { (c)-[b:BOUGHT]->() WHERE b.orders > 0 } AS products
