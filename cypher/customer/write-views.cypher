// Records views, one relationship each: retention drops those before an instant, and counts follow from what is left. Who or what is
// not known yet is created, to be described later.
// @write one
// @param customerIds: [ID!]!
// @param productIds: [ID!]!
// @param views: [{ id: ID!, customerId: ID!, productId: ID!, at: DateTime! }!]!
// @return written: Int!
CALL () {
  UNWIND $customerIds AS customerId
  MERGE (c:Customer {id: customerId})
  RETURN count(*) AS customers
}
CALL () {
  UNWIND $productIds AS productId
  MERGE (p:Product {id: productId})
  ON CREATE SET p.name = 'Unknown product ' + productId, p.active = true, p.merchandise = false
  RETURN count(*) AS products
}
UNWIND $views AS view
MATCH (c:Customer {id: view.customerId})
MATCH (p:Product {id: view.productId})
CREATE (c)-[:VIEWED {id: view.id, at: view.at}]->(p)
// Ids are those of a kind: a response to a campaign may have the same.
SET c.change = 'view:' + view.id
RETURN count(*) AS written
