// Sets the price of some products to the median unit price seen.
// @write one
// @param productIds: [ID!]!
// @return products: Int!
UNWIND $productIds AS id
MATCH (p:Product {id: id})<-[r:CONTAINS]-()
WHERE r.quantity > 0 AND r.value > 0
WITH p, percentileCont(r.value / r.quantity, 0.5) AS price
SET p.price = round(price, 2)
RETURN count(p) AS products
