// Which products gained most orders together in the days before the newest order, over as many days before those?
// @read many
// @param days: Int!
// @param minCustomers: Int!
// @param first: Int!
// @return ofId: ID!
// @return productId: ID!
// @return orders: Int!
// @return support: Float!
// @return confidence: Float!
// @return lift: Float!
// @return cosine: Float!
MATCH (newest:Order)
WHERE newest.placedAt IS NOT NULL
WITH newest
ORDER BY newest.placedAt DESC
LIMIT 1
WITH newest.placedAt AS until
WITH until, until - duration({days: $days}) AS turn, until - duration({days: 2 * $days}) AS since
MATCH (c:Customer)-[:PLACED]->(o:Order)
WHERE o.placedAt > since AND o.placedAt <= until
MATCH (a:Product)<-[r:CONTAINS]-(o)-[s:CONTAINS]->(b:Product)
WHERE a.id < b.id AND a.merchandise AND b.merchandise AND r.quantity > 0 AND r.value > 0 AND s.quantity > 0 AND s.value > 0
WITH a, b, sum(CASE WHEN o.placedAt > turn THEN 1 ELSE -1 END) AS gain,
     count(DISTINCT CASE WHEN o.placedAt > turn THEN c END) AS customers
WHERE gain > 0 AND customers >= $minCustomers
WITH a, b, gain
ORDER BY gain DESC, a.id, b.id
LIMIT $first
WITH a, b, gain,
     COUNT { (a)<-[r:CONTAINS]-(o:Order)-[s:CONTAINS]->(b) WHERE r.quantity > 0 AND r.value > 0 AND s.quantity > 0 AND s.value > 0 } AS orders,
     COUNT { (a)<-[r:CONTAINS]-() WHERE r.quantity > 0 AND r.value > 0 } AS ofA,
     COUNT { (b)<-[r:CONTAINS]-() WHERE r.quantity > 0 AND r.value > 0 } AS ofB,
     COUNT { (:Order {counted: true}) } AS total
RETURN a.id AS ofId, b.id AS productId, orders, toFloat(orders) / total AS support, toFloat(orders) / ofA AS confidence,
       toFloat(orders) * total / (toFloat(ofA) * ofB) AS lift, orders / sqrt(toFloat(ofA) * ofB) AS cosine
ORDER BY gain DESC, ofId, productId
