// What is in strictly later orders of customers who bought this product, counted over all (earlier, later) pairs of orders?
// @read many
// @param productId: ID!
// @param first: Int!
// @param minOrders: Int!
// @return productId: ID!
// @return orders: Int!
// @return support: Float!
// @return confidence: Float!
// @return lift: Float!
// @return cosine: Float!
// @return medianDays: Float!
CALL () {
  // Every order's place among its customer's: how many pairs it is the earlier one of, and the later one of.
  MATCH (c:Customer)-[:PLACED]->(o:Order {counted: true})
  WITH c, o.placedAt AS at, count(o) AS here
  ORDER BY c, at
  WITH c, collect(here) AS sizes
  WITH sizes, reduce(n = 0, size IN sizes | n + size) AS n
  RETURN sum(toFloat(n) * (n - 1) / 2 - reduce(ties = 0.0, size IN sizes | ties + size * (size - 1) / 2.0)) AS total
}
MATCH (p:Product {id: $productId})
CALL (p) {
  MATCH (p)<-[r:CONTAINS]-(earlier:Order)<-[:PLACED]-(c:Customer)
  WHERE r.quantity > 0 AND r.value > 0
  MATCH (c)-[:PLACED]->(later:Order {counted: true})
  WHERE later.placedAt > earlier.placedAt
  RETURN count(*) AS ofP
}
MATCH (p)<-[r:CONTAINS]-(earlier:Order)<-[:PLACED]-(c:Customer)
WHERE r.quantity > 0 AND r.value > 0
MATCH (c)-[:PLACED]->(later:Order)
WHERE later.placedAt > earlier.placedAt
MATCH (later)-[s:CONTAINS]->(other:Product)
WHERE s.quantity > 0 AND s.value > 0 AND other <> p
WITH total, ofP, other, count(*) AS orders,
     percentileCont(duration.inSeconds(earlier.placedAt, later.placedAt).seconds / 86400.0, 0.5) AS medianDays
WHERE orders >= $minOrders
CALL (other) {
  MATCH (other)<-[s:CONTAINS]-(later:Order)<-[:PLACED]-(c:Customer)-[:PLACED]->(earlier:Order {counted: true})
  WHERE s.quantity > 0 AND s.value > 0 AND earlier.placedAt < later.placedAt
  RETURN count(*) AS ofOther
}
WITH other, orders, medianDays, total, ofP, ofOther, orders / sqrt(toFloat(ofP) * ofOther) AS cosine
ORDER BY cosine DESC, other.id
LIMIT $first
RETURN other.id AS productId, orders, orders / total AS support, toFloat(orders) / ofP AS confidence,
       orders * total / (toFloat(ofP) * ofOther) AS lift, cosine, medianDays
ORDER BY cosine DESC, productId
