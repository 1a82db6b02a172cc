// Who asks for offers: does this customer exist, what could lead somewhere, and which model answers?
// @read one
// @param customerId: ID!
// @param model: ID
// @return customerId: ID
// @return products: Int!
// @return model: { id: ID!, status: String!, trainedAt: DateTime, dataUntil: DateTime, asOf: DateTime!, progress: Float!, parameters: JSON!, weights: JSON!, metrics: JSON! }
OPTIONAL MATCH (c:Customer {id: $customerId})
CALL () {
  OPTIONAL MATCH (m:Model)
  WHERE ($model IS NULL AND m.status = 'ACTIVE') OR m.id = $model
  RETURN m
  ORDER BY m.trainedAt DESC
  LIMIT 1
}
RETURN c.id AS customerId, COUNT { (c)-[b:BOUGHT]->() WHERE b.orders > 0 } AS products, m {.*} AS model
