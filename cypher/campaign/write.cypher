// Writes all of a campaign, a new one in DRAFT or what replaces it; the author of a new one.
// @write one
// @param id: ID!
// @param author: String
// @param campaign: { name: String!, startsAt: DateTime!, endsAt: DateTime!, channels: [String!]!, priority: Int!, budget: Int, holdoutShare: Float!, webhookUrl: String, modelIds: [ID!], capMax: Int, capDays: Int, capChannel: String }!
// @param segmentId: ID!
// @param products: [ID!]!
// @param coupons: [ID!]!
// @return id: ID!
MERGE (c:Campaign {id: $id})
ON CREATE SET c.status = 'DRAFT', c.author = $author, c.changedBy = $author, c.createdAt = datetime.realtime()
SET c += $campaign, c.updatedAt = datetime.realtime()
WITH c
CALL (c) {
  MATCH (c)-[old:AIMS_AT|PROMOTES|OFFERS]->()
  DELETE old
}
CALL (c) {
  MATCH (s:Segment {id: $segmentId})
  CREATE (c)-[:AIMS_AT]->(s)
}
CALL (c) {
  UNWIND $products AS id
  MATCH (p:Product {id: id})
  CREATE (c)-[:PROMOTES]->(p)
}
CALL (c) {
  UNWIND $coupons AS id
  MATCH (k:Coupon {id: id})
  CREATE (c)-[:OFFERS]->(k)
}
RETURN c.id AS id
