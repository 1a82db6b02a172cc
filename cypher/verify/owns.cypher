// How many products that are sold did this customer buy or look at?
// @read one
// @param customerId: ID!
// @return products: Int!
MATCH (:Customer {id: $customerId})
CALL () {
  MATCH (:Customer {id: $customerId})-[:PLACED]->(o:Order)-[line:CONTAINS]->(own:Product {merchandise: true, active: true})
  WITH own, o, sum(line.quantity) AS quantity, sum(line.value) AS value
  WHERE quantity > 0 AND value > 0
  RETURN own
  UNION
  MATCH (:Customer {id: $customerId})-[:VIEWED]->(own:Product {merchandise: true, active: true})
  RETURN own
}
RETURN count(own) AS products
