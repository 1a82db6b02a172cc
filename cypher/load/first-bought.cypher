// Derives BOUGHT from all orders of those customers who have none: nothing to look up, and no lock on products.
// Rounded: a sum of floats differs in its last digits with the order it is made in.
// @write one
// @param customerIds: [ID!]!
// @return pairs: Int!
UNWIND $customerIds AS id
MATCH (c:Customer {id: id})
WHERE NOT EXISTS { (c)-[:BOUGHT]->() }
MATCH (c)-[:PLACED]->(o:Order)-[r:CONTAINS]->(p:Product)
WHERE r.quantity > 0 AND r.value > 0
WITH c, p, count(o) AS orders, round(sum(r.quantity), 6) AS quantity, round(sum(r.value), 6) AS value, min(o.placedAt) AS firstAt, max(o.placedAt) AS lastAt
CREATE (c)-[b:BOUGHT {orders: orders, quantity: quantity, value: value, firstAt: firstAt, lastAt: lastAt}]->(p)
RETURN count(b) AS pairs
