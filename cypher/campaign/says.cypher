// What does a campaign say, in the form it is written in?
// @read one
// @param id: ID!
// @return campaign: { name: String!, startsAt: DateTime!, endsAt: DateTime!, channels: [String!]!, priority: Int!, budget: Int, holdoutShare: Float!, webhookUrl: String, modelIds: [ID!], capMax: Int, capDays: Int, capChannel: String }!
// @return segmentId: ID
// @return products: [ID!]!
// @return coupons: [ID!]!
// @return decided: Int!
MATCH (c:Campaign {id: $id})
OPTIONAL MATCH (b:AudienceBuild {id: $id})
RETURN c {.name, .startsAt, .endsAt, channels: coalesce(c.channels, []), priority: coalesce(c.priority, 0), .budget, holdoutShare: coalesce(c.holdoutShare, 0.0),
          .webhookUrl, .modelIds, .capMax, .capDays, .capChannel} AS campaign,
       head([(c)-[:AIMS_AT]->(s:Segment) | s.id]) AS segmentId,
       COLLECT { MATCH (c)-[:PROMOTES]->(p:Product) RETURN p.id ORDER BY p.id } AS products,
       COLLECT { MATCH (c)-[:OFFERS]->(k:Coupon) RETURN k.id ORDER BY k.id } AS coupons,
       coalesce(b.treatment + b.holdout + b.excluded, 0) AS decided
LIMIT 1
