// About which of these customers has this campaign not decided yet? In the order given.
// @read many
// @param ids: [{ id: ID!, customerId: ID! }!]!
// @return customerId: ID!
UNWIND $ids AS row
WITH row
WHERE NOT EXISTS { (:Decision {id: row.id}) }
RETURN row.customerId AS customerId
