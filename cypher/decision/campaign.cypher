// What does a campaign say of whom to write to? `sold`: those of its products, and of its coupons, that may be offered.
// @read one
// @param id: ID!
// @return id: ID!
// @return status: String!
// @return segmentId: ID
// @return condition: String
// @return channels: [String!]!
// @return priority: Int!
// @return budget: Int
// @return holdoutShare: Float!
// @return modelIds: [ID!]!
// @return cap: { max: Int!, days: Int!, channel: String }
// @return startsAt: DateTime!
// @return endsAt: DateTime!
// @return named: [ID!]!
// @return sold: [ID!]!
MATCH (k:Campaign {id: $id})
OPTIONAL MATCH (k)-[:AIMS_AT]->(s:Segment)
CALL (k) {
  OPTIONAL MATCH (k)-[:PROMOTES]->(p:Product)
  RETURN p
  UNION
  OPTIONAL MATCH (k)-[:OFFERS]->(:Coupon)-[:FOR]->(p:Product)
  RETURN p
}
WITH k, s, p ORDER BY p.id
WITH k, s, collect(p.id) AS named, collect(CASE WHEN p.merchandise AND p.active THEN p.id END) AS sold
RETURN k.id AS id, k.status AS status, s.id AS segmentId, s.condition AS condition, coalesce(k.channels, []) AS channels, coalesce(k.priority, 0) AS priority,
       k.budget AS budget, coalesce(k.holdoutShare, 0.0) AS holdoutShare, coalesce(k.modelIds, []) AS modelIds,
       CASE WHEN k.capMax IS NOT NULL THEN { max: k.capMax, days: k.capDays, channel: k.capChannel } END AS cap,
       k.startsAt AS startsAt, k.endsAt AS endsAt, named, sold
LIMIT 1
