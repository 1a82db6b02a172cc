// What leads from these customers, as recommendation/subject tells it of one: what merchandise they bought and looked at, their groups,
// and the campaigns they responded to?
// @read many
// @param customerIds: [ID!]!
// @param asOf: DateTime!
// @param halfLifeDays: Float!
// @param repeatHalfLifeDays: Float!
// @return customerId: ID!
// @return groups: [ID!]!
// @return campaigns: [ID!]!
// @return bought: [[String]!]!
// @return amounts: [[Float!]!]!
// @return viewed: [{ id: ID!, name: String!, department: String, category: String, type: String, lastAt: Float!, recency: Float! }!]!
UNWIND $customerIds AS customerId
MATCH (c:Customer {id: customerId})
CALL (c) {
  MATCH (c)-[:PLACED]->(o:Order)
  WITH o, ($asOf.epochMillis - o.placedAt.epochMillis) / 86400000.0 AS days
  WITH o, CASE WHEN days <= 0 THEN 1.0 ELSE 0.5 ^ (days / $halfLifeDays) END AS recency,
       CASE WHEN days <= 0 THEN 1.0 ELSE 0.5 ^ (days / $repeatHalfLifeDays) END AS repeat
  MATCH (o)-[r:CONTAINS]->(p:Product)
  WHERE r.quantity > 0 AND r.value > 0 AND p.merchandise AND p.active
  WITH p, toFloat(count(*)) AS times, toFloat(max(o.placedAt.epochMillis)) AS lastAt, sum(recency) AS recency, sum(repeat) AS repeat
  RETURN collect([p.id, p.name, null, null, null]) AS bought, collect([times, lastAt, recency, repeat]) AS amounts
}
CALL (c) {
  MATCH (c)-[v:VIEWED]->(p:Product {merchandise: true, active: true})
  WITH p, v, ($asOf.epochMillis - v.at.epochMillis) / 86400000.0 AS days
  WITH p, toFloat(max(v.at.epochMillis)) AS lastAt, sum(CASE WHEN days <= 0 THEN 1.0 ELSE 0.5 ^ (days / $halfLifeDays) END) AS recency
  RETURN collect(p {.id, .name, .department, .category, .type, lastAt: lastAt, recency: recency}) AS viewed
}
RETURN customerId, [(c)-[:BELONGS_TO]->(g:Group) | g.id] AS groups, COLLECT {
         MATCH (c)-[:HAD]->(i:Interaction)-[:WITH]->(campaign:Campaign)
         WHERE i.type IN ['CLICKED', 'REDEEMED', 'CONVERTED']
         RETURN DISTINCT campaign.id
       } AS campaigns, bought, amounts, viewed
