// Which products are most alike each of a batch by the orders they share (cosine), with a floor under rare pairs?
// @read many
// @param productIds: [ID!]!
// @param counts: Map!
// @param until: DateTime!
// @param minOrders: Int!
// @param minCustomers: Int!
// @param neighbours: Int!
// @return fromId: ID!
// @return toId: ID!
// @return orders: Int!
// @return customers: Int!
// @return cosine: Float!
UNWIND $productIds AS productId
MATCH (a:Product {id: productId})
CALL (a) {
  MATCH (a)<-[r:CONTAINS]-(o:Order)
  WHERE r.quantity > 0 AND r.value > 0 AND o.placedAt < $until
  MATCH (o)-[s:CONTAINS]->(b:Product)
  WHERE s.quantity > 0 AND s.value > 0 AND b <> a
  WITH b, count(o) AS orders, collect(o) AS shared
  WHERE orders >= $minOrders AND $counts[b.id] IS NOT NULL
  WITH b, orders, shared, orders / sqrt(toFloat($counts[a.id]) * $counts[b.id]) AS cosine
  ORDER BY cosine DESC, b.id
  LIMIT $neighbours
  UNWIND shared AS o
  MATCH (o)<-[:PLACED]-(c:Customer)
  WITH b, orders, cosine, count(DISTINCT c) AS customers
  WHERE customers >= $minCustomers
  RETURN b, orders, cosine, customers
}
RETURN a.id AS fromId, b.id AS toId, orders, customers, cosine
