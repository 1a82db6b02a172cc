// Who asks for offers: does this customer exist, and which model answers? With the offers it keeps for them, up to a rank, where these
// are `fresh`: as they would be computed now. Otherwise, unless they object to profiling, with what merchandise they bought and looked
// at, and where they belong.
// @read one
// @param customerId: ID!
// @param model: ID
// @param kept: Int!
// @param language: String!
// @return customerId: ID
// @return objected: Boolean!
// @return mark: String
// @return fresh: Boolean!
// @return computedAt: DateTime
// @return offers: [{ id: ID!, rank: Int!, score: Float!, rest: Float, evidence: JSON, name: String!, merchandise: Boolean!, active: Boolean!, brand: String, price: Float, department: String, category: String, type: String }!]!
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
  OPTIONAL MATCH (s:Snapshot {model: m.id})
  OPTIONAL MATCH (catalog:Lock {id: 'catalog'})
  RETURN s.id AS slot, m.id + ' ' + coalesce(catalog.change, '') + ' ' + coalesce(c.change, '') AS mark
  LIMIT 1
}
WITH c, m, slot, mark, $kept > 0 AND coalesce(mark = CASE slot WHEN 'A' THEN c.snapshotA WHEN 'B' THEN c.snapshotB END, false) AS fresh
CALL (c, slot, fresh) {
  CALL (c, slot, fresh) {
    WITH c, slot, fresh
    WHERE fresh AND slot = 'A'
    MATCH (c)-[r:RECOMMENDED_A]->(p:Product)
    RETURN r, p
    UNION ALL
    WITH c, slot, fresh
    WHERE fresh AND slot = 'B'
    MATCH (c)-[r:RECOMMENDED_B]->(p:Product)
    RETURN r, p
  }
  WITH r, p
  WHERE r.rank <= $kept
  WITH r, p ORDER BY r.rank
  RETURN collect(p {.id, .name, .merchandise, .active, .brand, .price, .department, .category, .type,
                    rank: r.rank, score: r.score, rest: r.rest, evidence: r['evidence' + $language]}) AS offers
}
CALL (c, m, fresh) {
  WITH c, m
  WHERE NOT fresh AND NOT coalesce(c.objected, false)
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
CALL (c, m, fresh) {
  WITH c, m
  WHERE NOT fresh AND NOT coalesce(c.objected, false)
  OPTIONAL MATCH (c)-[v:VIEWED]->(p:Product {merchandise: true, active: true})
  WITH p, v, (m.asOf.epochMillis - v.at.epochMillis) / 86400000.0 AS days, m.halfLifeDays AS halfLifeDays
  WITH p, toFloat(max(v.at.epochMillis)) AS lastAt, coalesce(sum(CASE WHEN days <= 0 THEN 1.0 ELSE 0.5 ^ (days / halfLifeDays) END), 0.0) AS recency
  RETURN collect(CASE WHEN p IS NOT NULL THEN p {.id, .name, .department, .category, .type, lastAt: lastAt, recency: recency} END) AS viewed
}
RETURN c.id AS customerId, coalesce(c.objected, false) AS objected, mark, fresh, CASE slot WHEN 'A' THEN c.snapshotAtA WHEN 'B' THEN c.snapshotAtB END AS computedAt, offers,
       CASE WHEN c IS NULL OR fresh OR c.objected THEN [] ELSE [(c)-[:BELONGS_TO]->(g:Group) | g.id] END AS groups,
       CASE WHEN c IS NULL OR fresh OR c.objected THEN [] ELSE COLLECT {
         MATCH (c)-[:HAD]->(i:Interaction)-[:WITH]->(campaign:Campaign)
         WHERE i.type IN ['CLICKED', 'REDEEMED', 'CONVERTED']
         RETURN DISTINCT campaign.id
       } END AS campaigns,
       bought, amounts, viewed, m {.*} AS model
