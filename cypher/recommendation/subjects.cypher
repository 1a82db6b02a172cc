// What merchandise have these customers bought and looked at, and where do they belong? By id; of who objects to profiling nothing.
// Lists go side by side, one entry a product.
// @read many
// @param customerIds: [ID!]!
// @param asOf: DateTime!
// @param halfLifeDays: Float!
// @param repeatHalfLifeDays: Float!
// @return customerId: ID!
// @return objected: Boolean!
// @return groups: [ID!]!
// @return campaigns: [ID!]!
// @return boughtIds: [ID!]!
// @return times: [Float!]!
// @return lastAt: [Float!]!
// @return recency: [Float!]!
// @return repeat: [Float!]!
// @return viewed: [{ id: ID!, lastAt: Float!, recency: Float! }!]!
UNWIND $customerIds AS customerId
MATCH (c:Customer {id: customerId})
CALL (c) {
  WITH c
  WHERE NOT coalesce(c.objected, false)
  OPTIONAL MATCH (c)-[:PLACED]->(o:Order)
  WITH o, ($asOf.epochMillis - o.placedAt.epochMillis) / 86400000.0 AS days
  WITH o, CASE WHEN days <= 0 THEN 1.0 ELSE 0.5 ^ (days / $halfLifeDays) END AS recency,
       CASE WHEN days <= 0 THEN 1.0 ELSE 0.5 ^ (days / $repeatHalfLifeDays) END AS repeat
  MATCH (o)-[r:CONTAINS]->(p:Product)
  WHERE r.quantity > 0 AND r.value > 0
  WITH p, toFloat(count(*)) AS times, toFloat(max(o.placedAt.epochMillis)) AS lastAt, sum(recency) AS recency, sum(repeat) AS repeat
  WHERE p.merchandise AND p.active
  RETURN collect(p.id) AS boughtIds, collect(times) AS times, collect(lastAt) AS lastAt, collect(recency) AS recency, collect(repeat) AS repeat
}
CALL (c) {
  WITH c
  WHERE NOT coalesce(c.objected, false)
  OPTIONAL MATCH (c)-[v:VIEWED]->(p:Product {merchandise: true, active: true})
  WITH p, v, ($asOf.epochMillis - v.at.epochMillis) / 86400000.0 AS days
  WITH p, toFloat(max(v.at.epochMillis)) AS viewedAt, coalesce(sum(CASE WHEN days <= 0 THEN 1.0 ELSE 0.5 ^ (days / $halfLifeDays) END), 0.0) AS viewRecency
  RETURN collect(CASE WHEN p IS NOT NULL THEN p {.id, lastAt: viewedAt, recency: viewRecency} END) AS viewed
}
CALL (c) {
  WITH c
  WHERE NOT coalesce(c.objected, false)
  OPTIONAL MATCH (c)-[:BELONGS_TO]->(g:Group)
  RETURN collect(g.id) AS groups
}
CALL (c) {
  WITH c
  WHERE NOT coalesce(c.objected, false)
  OPTIONAL MATCH (c)-[:HAD]->(i:Interaction)
  WHERE i.type IN ['CLICKED', 'REDEEMED', 'CONVERTED']
  OPTIONAL MATCH (i)-[:WITH]->(campaign:Campaign)
  RETURN collect(DISTINCT campaign.id) AS campaigns
}
RETURN customerId, coalesce(c.objected, false) AS objected, groups, campaigns, boughtIds, times, lastAt, recency, repeat, viewed
ORDER BY customerId
