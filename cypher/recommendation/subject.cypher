// Who asks for offers: does this customer exist, what merchandise did they buy and look at, where do they belong, and which model answers?
// @read one
// @param customerId: ID!
// @param model: ID
// @return customerId: ID
// @return groups: [ID!]!
// @return campaigns: [ID!]!
// @return bought: [[String]!]!
// @return amounts: [[Float!]!]!
// @return viewed: [{ id: ID!, name: String!, department: String, category: String, type: String, lastAt: Float!, recency: Float! }!]!
// @return model: { id: ID!, status: String!, trainedAt: DateTime, dataUntil: DateTime, asOf: DateTime!, progress: Float!, parameters: JSON!, weights: JSON!, kinds: [String!]!, metrics: JSON! }
OPTIONAL MATCH (c:Customer {id: $customerId})
CALL () {
  OPTIONAL MATCH (m:Model)
  WHERE ($model IS NULL AND m.status = 'ACTIVE') OR m.id = $model
  RETURN m
  ORDER BY m.trainedAt DESC
  LIMIT 1
}
CALL (c, m) {
  OPTIONAL MATCH (c)-[:PLACED]->(o:Order)
  WITH o, (m.asOf.epochMillis - o.placedAt.epochMillis) / 86400000.0 AS days, m.halfLifeDays AS halfLifeDays, m.repeatHalfLifeDays AS repeatHalfLifeDays
  WITH o, CASE WHEN days <= 0 THEN 1.0 ELSE 0.5 ^ (days / halfLifeDays) END AS recency,
       CASE WHEN days <= 0 THEN 1.0 ELSE 0.5 ^ (days / repeatHalfLifeDays) END AS repeat
  MATCH (o)-[r:CONTAINS]->(p:Product)
  WHERE r.quantity > 0 AND r.value > 0 AND p.merchandise AND p.active
  WITH p, toFloat(count(*)) AS times, toFloat(max(o.placedAt.epochMillis)) AS lastAt, coalesce(sum(recency), 0.0) AS recency,
       coalesce(sum(repeat), 0.0) AS repeat
  // Lists, side by side: maps would repeat their keys for hundreds of products.
  RETURN collect([p.id, p.name, p.department, p.category, p.type]) AS bought, collect([times, lastAt, recency, repeat]) AS amounts
}
CALL (c, m) {
  OPTIONAL MATCH (c)-[v:VIEWED]->(p:Product {merchandise: true, active: true})
  WITH p, v, (m.asOf.epochMillis - v.at.epochMillis) / 86400000.0 AS days, m.halfLifeDays AS halfLifeDays
  WITH p, toFloat(max(v.at.epochMillis)) AS lastAt, coalesce(sum(CASE WHEN days <= 0 THEN 1.0 ELSE 0.5 ^ (days / halfLifeDays) END), 0.0) AS recency
  RETURN collect(CASE WHEN p IS NOT NULL THEN p {.id, .name, .department, .category, .type, lastAt: lastAt, recency: recency} END) AS viewed
}
RETURN c.id AS customerId,
       CASE WHEN c IS NULL THEN [] ELSE [(c)-[:BELONGS_TO]->(g:Group) | g.id] END AS groups,
       CASE WHEN c IS NULL THEN [] ELSE COLLECT {
         MATCH (c)-[:HAD]->(i:Interaction)-[:WITH]->(campaign:Campaign)
         WHERE i.type IN ['CLICKED', 'REDEEMED', 'CONVERTED']
         RETURN DISTINCT campaign.id
       } END AS campaigns,
       bought, amounts, viewed, m {.*} AS model
