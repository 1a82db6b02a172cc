// Keeps the offers of a customer, in place of those that were kept before. `mark`: what they were computed from.
// @write one
// @param slot: ID!
// @param customerId: ID!
// @param mark: String!
// @param offers: [{ productId: ID!, rank: Int!, score: Float!, rest: Float, evidenceEN: JSON, evidencePL: JSON }!]!
// @return kept: Int!
MATCH (c:Customer {id: $customerId})
SET c.lock = true
WITH c
CALL (c) {
  WITH c
  WHERE $slot = 'A'
  SET c.snapshotA = $mark, c.snapshotAtA = datetime.realtime()
  WITH c
  MATCH (c)-[old:RECOMMENDED_A]->()
  DELETE old
}
CALL (c) {
  WITH c
  WHERE $slot = 'B'
  SET c.snapshotB = $mark, c.snapshotAtB = datetime.realtime()
  WITH c
  MATCH (c)-[old:RECOMMENDED_B]->()
  DELETE old
}
CALL (c) {
  UNWIND $offers AS offer
  MATCH (p:Product {id: offer.productId})
  FOREACH (_ IN CASE $slot WHEN 'A' THEN [1] ELSE [] END |
    CREATE (c)-[:RECOMMENDED_A {rank: offer.rank, score: offer.score, rest: offer.rest, evidenceEN: offer.evidenceEN, evidencePL: offer.evidencePL}]->(p))
  FOREACH (_ IN CASE $slot WHEN 'B' THEN [1] ELSE [] END |
    CREATE (c)-[:RECOMMENDED_B {rank: offer.rank, score: offer.score, rest: offer.rest, evidenceEN: offer.evidenceEN, evidencePL: offer.evidencePL}]->(p))
  RETURN count(*) AS kept
}
RETURN kept
