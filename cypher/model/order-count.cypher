// How many orders with something bought in them were placed before this instant?
// @read one
// @param until: DateTime!
// @return orders: Int!
MATCH (o:Order {counted: true})
WHERE o.placedAt < $until
RETURN count(o) AS orders
