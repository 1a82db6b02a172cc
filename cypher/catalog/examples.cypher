// Which ids make good examples: an active buyer, what they buy most, and what goes with it; a campaign, one that runs if any does, and one it decided about?
// @read one
// @return customerId: ID!
// @return productId: ID!
// @return basketProductId: ID!
// @return campaignId: ID
// @return decidedCustomerId: ID
MATCH (c:Customer)
WHERE c.id >= ''
WITH c ORDER BY c.id LIMIT 50
MATCH (c)-[b:BOUGHT]->(own:Product)
WITH c, count(own) AS products
ORDER BY products DESC, c.id
LIMIT 1
MATCH (c)-[b:BOUGHT]->(own:Product {merchandise: true})-[w:BOUGHT_WITH]->(p:Product)
WHERE NOT (c)-[:BOUGHT]->(p)
WITH c.id AS customerId, p.id AS productId, own.id AS basketProductId, b, w
ORDER BY b.orders DESC, basketProductId, w.cosine DESC, productId
LIMIT 1
OPTIONAL MATCH (k:Campaign)
WHERE k.id >= ''
WITH customerId, productId, basketProductId, k,
     CASE k.status WHEN 'RUNNING' THEN 0 ELSE 1 END AS rests,
     CASE WHEN EXISTS { (k)<-[:IN]-(:Decision) } THEN 0 ELSE 1 END AS undecided
ORDER BY rests, undecided, k.startsAt DESC, k.id
LIMIT 1
OPTIONAL MATCH (k)<-[:IN]-(:Decision)<-[:GOT]-(decided:Customer)
RETURN customerId, productId, basketProductId, k.id AS campaignId, decided.id AS decidedCustomerId
LIMIT 1
