// Learns, for a batch of products, the products most alike by the orders they share (cosine), with a floor under rare pairs.
// @write one
// @param model: ID!
// @param productIds: [ID!]!
// @param counts: Map!
// @param total: Int!
// @param until: DateTime!
// @param minOrders: Int!
// @param minCustomers: Int!
// @param neighbours: Int!
// @return relationships: Int!
UNWIND $productIds AS productId
MATCH (a:Product {id: productId})
CALL (a) {
  MATCH (a)<-[r:CONTAINS]-(o:Order)-[s:CONTAINS]->(b:Product)
  WHERE r.quantity > 0 AND r.value > 0 AND s.quantity > 0 AND s.value > 0 AND o.placedAt < $until AND b <> a
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
CREATE (a)-[w:BOUGHT_WITH {model: $model}]->(b)
SET w.orders = orders, w.customers = customers, w.cosine = cosine, w.support = toFloat(orders) / $total,
    w.confidence = toFloat(orders) / $counts[a.id], w.lift = toFloat(orders) * $total / (toFloat($counts[a.id]) * $counts[b.id])
RETURN count(w) AS relationships
