// How many orders hold each merchandise product, where enough do to learn from?
// @read many
// @param until: DateTime!
// @param minOrders: Int!
// @return productId: ID!
// @return orders: Int!
MATCH (p:Product {merchandise: true, active: true})<-[r:CONTAINS]-(o:Order)
WHERE r.quantity > 0 AND r.value > 0 AND o.placedAt < $until
WITH p, count(o) AS orders
WHERE orders >= $minOrders
RETURN p.id AS productId, orders
ORDER BY productId
