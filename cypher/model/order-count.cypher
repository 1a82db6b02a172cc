// How many orders with something bought in them were placed before this instant, by customers who have not objected to profiling?
// @read one
// @param until: DateTime!
// @return orders: Int!
MATCH (o:Order {counted: true})
WHERE o.placedAt < $until AND NOT EXISTS { (o)<-[:PLACED]-(:Customer {objected: true}) }
RETURN count(o) AS orders
