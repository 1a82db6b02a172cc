// Brings what these customers bought in all in line with their orders; who has none that counts is told by its absence.
// Rounded, as BOUGHT is: what is derived does not depend on how the orders came.
// @write one
// @param customerIds: [ID!]!
// @return customers: Int!
UNWIND $customerIds AS id
MATCH (c:Customer {id: id})
OPTIONAL MATCH (c)-[:PLACED]->(o:Order)
WHERE o.counted
WITH c, count(o) AS orders, round(sum(o.value), 6) AS spent, min(o.placedAt) AS firstAt, max(o.placedAt) AS lastAt
SET c.orderCount = CASE WHEN orders > 0 THEN orders END, c.spent = CASE WHEN orders > 0 THEN spent END,
    c.firstOrderAt = firstAt, c.lastOrderAt = lastAt
RETURN count(c) AS customers
