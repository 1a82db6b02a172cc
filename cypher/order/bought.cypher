// Brings BOUGHT in line with the orders, for the pairs of customer and product that a write touched.
// Rounded, as a load does: what is derived does not depend on how the orders came.
// @write one
// @param pairs: [{ customerId: ID!, productId: ID! }!]!
// @return pairs: Int!
UNWIND $pairs AS pair
MATCH (c:Customer {id: pair.customerId})
MATCH (p:Product {id: pair.productId})
CALL (c, p) {
  OPTIONAL MATCH (c)-[:PLACED]->(o:Order)-[r:CONTAINS]->(p)
  WHERE r.quantity > 0 AND r.value > 0
  RETURN count(o) AS orders, round(sum(r.quantity), 6) AS quantity, round(sum(r.value), 6) AS value, min(o.placedAt) AS firstAt, max(o.placedAt) AS lastAt
}
CALL (c, p, orders, quantity, value, firstAt, lastAt) {
  WITH c, p, orders, quantity, value, firstAt, lastAt
  WHERE orders > 0
  MERGE (c)-[b:BOUGHT]->(p)
  SET b.orders = orders, b.quantity = quantity, b.value = value, b.firstAt = firstAt, b.lastAt = lastAt
}
CALL (c, p, orders) {
  WITH c, p, orders
  WHERE orders = 0
  MATCH (c)-[b:BOUGHT]->(p)
  DELETE b
}
RETURN count(*) AS pairs
