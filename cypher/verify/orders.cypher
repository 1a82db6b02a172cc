// How many orders with merchandise in them were placed before an instant?
// @read one
// @param until: DateTime!
// @return orders: Int!
MATCH (o:Order)
WHERE o.placedAt < $until AND EXISTS {
  MATCH (o)-[line:CONTAINS]->(:Product {merchandise: true, active: true})
  WHERE line.quantity > 0 AND line.value > 0
}
RETURN count(o) AS orders
