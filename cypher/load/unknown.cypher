// Makes the customers and products of a batch of orders that no other file named.
// @write one
// @param customerIds: [ID!]!
// @param productIds: [ID!]!
// @return customers: Int!
CALL () {
  UNWIND $customerIds AS id
  MERGE (c:Customer {id: id})
  ON CREATE SET c.origin = 'IMPORT'
  RETURN count(*) AS customers
}
CALL () {
  UNWIND $productIds AS id
  MERGE (p:Product {id: id})
  ON CREATE SET p.name = 'Unknown product ' + id, p.active = true, p.merchandise = false, p.origin = 'IMPORT'
  RETURN count(*) AS products
}
RETURN customers
