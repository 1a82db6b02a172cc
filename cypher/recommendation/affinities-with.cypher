// What is in the same orders as this product, counted over all orders with something bought in them?
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
CALL () {
  MATCH (o:Order {counted: true})
  RETURN count(o) AS total
}
MATCH (p:Product {id: $productId})
WITH p, total, COUNT { (p)<-[r:CONTAINS]-() WHERE r.quantity > 0 AND r.value > 0 } AS ofP
MATCH (p)<-[r:CONTAINS]-(o:Order)
WHERE r.quantity > 0 AND r.value > 0
MATCH (o)<-[:PLACED]-(c:Customer)
MATCH (o)-[s:CONTAINS]->(other:Product)
WHERE s.quantity > 0 AND s.value > 0 AND other <> p
WITH total, ofP, other, count(o) AS orders, count(DISTINCT c) AS customers
WHERE orders >= $minOrders AND customers >= $minCustomers
WITH total, ofP, other, orders, COUNT { (other)<-[r:CONTAINS]-() WHERE r.quantity > 0 AND r.value > 0 } AS ofOther
WITH other, orders, total, ofP, ofOther, orders / sqrt(toFloat(ofP) * ofOther) AS cosine
ORDER BY cosine DESC, other.id
LIMIT $first
RETURN other.id AS productId, orders, toFloat(orders) / total AS support, toFloat(orders) / ofP AS confidence,
       toFloat(orders) * total / (toFloat(ofP) * ofOther) AS lift, cosine
ORDER BY cosine DESC, productId
