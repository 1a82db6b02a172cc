// Takes back customers that this transaction created, none of whose orders were taken.
// @write one
// @param customerIds: [ID!]!
// @return deleted: Int!
UNWIND $customerIds AS id
MATCH (c:Customer {id: id})
WHERE NOT EXISTS { (c)--() }
DELETE c
RETURN count(*) AS deleted
