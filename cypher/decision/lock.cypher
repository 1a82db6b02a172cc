// Takes these customers for this transaction, in the order given: what is read of them next holds until it is written.
// @write many
// @param customerIds: [ID!]!
// @return customerId: ID!
UNWIND $customerIds AS customerId
MATCH (c:Customer {id: customerId})
SET c.lock = true
RETURN c.id AS customerId
