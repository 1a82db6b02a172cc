// What is in strictly later orders of customers who bought this product, counted over all (earlier, later) pairs of orders?
// @read many
// @param productId: ID!
// @param first: Int!
// @param minOrders: Int!
// @param minCustomers: Int!
// @return productId: ID!
// @return orders: Int!
// @return support: Float!
// @return confidence: Float!
// @return lift: Float!
// @return cosine: Float!
// @return medianDays: Float!
MATCH (p:Product {id: $productId})
// How many pairs each order is the later one of: with any earlier order of its customer, and with one that holds p.
CALL (p) {
  MATCH (c:Customer)-[:PLACED]->(o:Order {counted: true})
  WITH c, collect(o.placedAt) AS times,
       collect(CASE WHEN EXISTS { (o)-[r:CONTAINS]->(p) WHERE r.quantity > 0 AND r.value > 0 } THEN o.placedAt END) AS withP
  UNWIND times AS at
  RETURN sum(toFloat(size([t IN times WHERE t < at]))) AS total, sum(toFloat(size([t IN withP WHERE t < at]))) AS ofP
}
CALL (p) {
  MATCH (c:Customer)-[:PLACED]->(o:Order {counted: true})
  WITH p, c, collect(o) AS orders, collect(o.placedAt) AS times,
       collect(CASE WHEN EXISTS { (o)-[r:CONTAINS]->(p) WHERE r.quantity > 0 AND r.value > 0 } THEN o.placedAt END) AS withP
  UNWIND orders AS later
  WITH p, c, later, size([t IN times WHERE t < later.placedAt]) AS earlier, size([t IN withP WHERE t < later.placedAt]) AS earlierP
  WHERE earlier > 0
  MATCH (later)-[s:CONTAINS]->(other:Product)
  WHERE s.quantity > 0 AND s.value > 0 AND other <> p
  RETURN other, sum(earlier) AS ofOther, sum(earlierP) AS orders, count(DISTINCT CASE WHEN earlierP > 0 THEN c END) AS customers
}
WITH p, other, orders, customers, total, ofP, ofOther
WHERE orders > 0 AND orders >= $minOrders AND customers >= $minCustomers
WITH p, other, orders, total, ofP, ofOther, orders / sqrt(ofP * ofOther) AS cosine
ORDER BY cosine DESC, other.id
LIMIT $first
WITH p, collect(other) AS others, collect({other: other, orders: orders, total: total, ofP: ofP, ofOther: ofOther, cosine: cosine}) AS found
// The days between are asked of those alone.
MATCH (p)<-[r:CONTAINS]-(earlier:Order)<-[:PLACED]-(c:Customer)
WHERE r.quantity > 0 AND r.value > 0
WITH others, found, c, collect(earlier.placedAt) AS withP
MATCH (c)-[:PLACED]->(later:Order)-[s:CONTAINS]->(other:Product)
WHERE s.quantity > 0 AND s.value > 0 AND other IN others
UNWIND [t IN withP WHERE t < later.placedAt] AS at
WITH found, other, percentileCont(duration.inSeconds(at, later.placedAt).seconds / 86400.0, 0.5) AS medianDays
WITH [one IN found WHERE one.other = other][0] AS it, medianDays
RETURN it.other.id AS productId, it.orders AS orders, it.orders / it.total AS support, it.orders / it.ofP AS confidence,
       it.orders * it.total / (it.ofP * it.ofOther) AS lift, it.cosine AS cosine, medianDays
ORDER BY cosine DESC, productId
