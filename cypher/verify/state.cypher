// What do these products mean to this customer, and may they be offered by a model?
// @read many
// @param customerId: ID!
// @param productIds: [ID!]!
// @param model: ID!
// @return productId: ID!
// @return sold: Boolean!
// @return measured: Boolean!
// @return bought: Boolean!
UNWIND $productIds AS productId
MATCH (p:Product {id: productId})
RETURN productId, p.merchandise AND p.active AS sold, EXISTS { (p)<-[:MEASURED]-(:Model {id: $model}) } AS measured,
       EXISTS {
         MATCH (:Customer {id: $customerId})-[:PLACED]->(o:Order)-[line:CONTAINS]->(p)
         WITH o, sum(line.quantity) AS quantity, sum(line.value) AS value
         WHERE quantity > 0 AND value > 0
         RETURN o
       } AS bought
