// Which customer and products make good examples: an active buyer, what they buy most, and what goes with it?
// @read one
// @return customerId: ID!
// @return productId: ID!
// @return basketProductId: ID!
MATCH (c:Customer)
WHERE c.id >= ''
WITH c ORDER BY c.id LIMIT 50
MATCH (c)-[b:BOUGHT]->(own:Product)
WITH c, count(own) AS products
ORDER BY products DESC, c.id
LIMIT 1
MATCH (c)-[b:BOUGHT]->(own:Product {merchandise: true})-[w:BOUGHT_WITH]->(p:Product)
WHERE NOT (c)-[:BOUGHT]->(p)
RETURN c.id AS customerId, p.id AS productId, own.id AS basketProductId
ORDER BY b.orders DESC, own.id, w.cosine DESC, p.id
LIMIT 1
