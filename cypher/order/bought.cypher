// Brings BOUGHT in line with the orders, for the products of each customer that a write touched. All nodes are locked by then.
// Rounded, as a load does: what is derived does not depend on how the orders came.
// @write one
// @param customers: [{ id: ID!, productIds: [ID!]! }!]!
// @return pairs: Int!
UNWIND $customers AS row
MATCH (c:Customer {id: row.id})
MATCH (p:Product) WHERE p.id IN row.productIds
WITH c, collect(p) AS products
CALL (c, products) {
  // The customer's lines are gone over once, however many products: one look for each would go over all of them each time.
  MATCH (c)-[:PLACED]->(o:Order)-[r:CONTAINS]->(p)
  WHERE r.quantity > 0 AND r.value > 0 AND p IN products
  WITH p, count(o) AS orders, round(sum(r.quantity), 6) AS quantity, round(sum(r.value), 6) AS value, min(o.placedAt) AS firstAt, max(o.placedAt) AS lastAt
  RETURN collect({ product: p, orders: orders, quantity: quantity, value: value, firstAt: firstAt, lastAt: lastAt }) AS bought
}
CALL (c, bought) {
  UNWIND bought AS one
  WITH c, one, one.product AS p
  MERGE (c)-[b:BOUGHT]->(p)
  SET b.orders = one.orders, b.quantity = one.quantity, b.value = one.value, b.firstAt = one.firstAt, b.lastAt = one.lastAt
}
CALL (c, products, bought) {
  WITH c, products, [one IN bought | one.product] AS kept
  WHERE size(kept) < size(products)
  MATCH (c)-[b:BOUGHT]->(p)
  WHERE p IN products AND NOT p IN kept
  DELETE b
}
RETURN sum(size(products)) AS pairs
