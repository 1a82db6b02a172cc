// Derives BOUGHT for some customers from all their orders: adds what is missing and corrects what is there.
// Rounded: a sum of floats differs in its last digits with the order it is made in.
// @write one
// @param customerIds: [ID!]!
// @return pairs: Int!
UNWIND $customerIds AS id
MATCH (c:Customer {id: id})
WHERE EXISTS { (c)-[:BOUGHT]->() }
MATCH (c)-[:PLACED]->(o:Order)-[r:CONTAINS]->(p:Product)
WHERE r.quantity > 0 AND r.value > 0
WITH c, p, count(o) AS orders, round(sum(r.quantity), 6) AS quantity, round(sum(r.value), 6) AS value, min(o.placedAt) AS firstAt, max(o.placedAt) AS lastAt
MERGE (c)-[b:BOUGHT]->(p)
SET b.orders = orders, b.quantity = quantity, b.value = value, b.firstAt = firstAt, b.lastAt = lastAt
RETURN count(b) AS pairs
