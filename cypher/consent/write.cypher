// Notes what a customer said; of a purpose the newest counts. Who objects to profiling is like nobody any more, and nothing is kept to
// offer them. No row: the customer is not known.
// @write one
// @param id: ID!
// @param customerId: ID!
// @param channel: String!
// @param purpose: String!
// @param granted: Boolean!
// @param source: String!
// @return at: DateTime!
MATCH (c:Customer {id: $customerId})
// The lock first: of two that come together the later one counts.
SET c.lock = true
CREATE (c)-[:GAVE]->(k:Consent {id: $id, channel: $channel, purpose: $purpose, granted: $granted, source: $source, at: datetime.realtime()})
WITH c, k
CALL (c) {
  WITH c
  WHERE $purpose = 'PROFILING'
  SET c.objected = CASE WHEN $granted THEN null ELSE true END, c.change = $id
}
CALL (c) {
  WITH c
  WHERE $purpose = 'PROFILING' AND NOT $granted
  MATCH (c)-[learned:SIMILAR_TO|RECOMMENDED_A|RECOMMENDED_B]->()
  DELETE learned
}
RETURN k.at AS at
