// What does the graph offer this customer, each score the sum of the paths customer -> own product -> bought with -> product?
// @read many
// @param customerId: ID!
// @param model: ID!
// @param asOf: DateTime!
// @param halfLifeDays: Float!
// @param first: Int!
// @param evidence: Int!
// @param includeOwned: Boolean!
// @param categories: [ID!]
// @param excludeCategories: [ID!]
// @param brands: [String!]
// @param excludeProducts: [ID!]
// @param minPrice: Float
// @param maxPrice: Float
// @return productId: ID!
// @return productName: String!
// @return score: Float!
// @return evidence: [{ ownId: ID!, ownName: String!, times: Int!, contribution: Float!, orders: Int!, customers: Int!, support: Float!, confidence: Float!, lift: Float!, cosine: Float! }!]!
// @return paths: Int!
// @return otherContribution: Float!
MATCH (:Customer {id: $customerId})-[b:BOUGHT]->(own:Product)
WHERE b.orders > 0
WITH own, b.orders AS times,
     log(1 + b.orders) * CASE WHEN b.lastAt >= $asOf THEN 1.0 ELSE 0.5 ^ (duration.inSeconds(b.lastAt, $asOf).seconds / 86400.0 / $halfLifeDays) END AS affinity
// An own product passes through once as itself, so that one aggregation also knows what is owned.
CALL (own, times, affinity) {
  MATCH (own)-[w:BOUGHT_WITH {model: $model}]->(p:Product)
  RETURN p, affinity * w.cosine AS contribution, {own: own, times: times, w: w, contribution: affinity * w.cosine} AS path, 0 AS owned
  UNION ALL
  RETURN own AS p, 0.0 AS contribution, null AS path, 1 AS owned
}
WITH p, sum(contribution) AS score, collect(path) AS paths, max(owned) AS owned
WHERE size(paths) > 0
  AND ($includeOwned OR owned = 0)
  AND p.merchandise AND p.active
WITH p, score, paths,
     ['department:' + coalesce(p.department, '?'), 'category:' + coalesce(p.category, '?'),
      coalesce(p.category, '?') + ' | ' + coalesce(p.type, '?')] AS categoryIds
WHERE ($categories IS NULL OR any(id IN categoryIds WHERE id IN $categories))
  AND ($excludeCategories IS NULL OR none(id IN categoryIds WHERE id IN $excludeCategories))
  AND ($brands IS NULL OR p.brand IN $brands)
  AND ($excludeProducts IS NULL OR NOT p.id IN $excludeProducts)
  AND ($minPrice IS NULL OR p.price >= $minPrice)
  AND ($maxPrice IS NULL OR p.price <= $maxPrice)
WITH p, score, paths
ORDER BY score DESC, p.id
LIMIT $first
CALL (paths) {
  UNWIND paths AS path
  WITH path ORDER BY path.contribution DESC, path.own.id
  RETURN collect(path) AS ranked
}
RETURN p.id AS productId, p.name AS productName, score,
       [path IN ranked[..$evidence] | {
         ownId: path.own.id, ownName: path.own.name, times: path.times, contribution: path.contribution,
         orders: path.w.orders, customers: path.w.customers, support: path.w.support, confidence: path.w.confidence,
         lift: path.w.lift, cosine: path.w.cosine
       }] AS evidence,
       size(ranked) AS paths,
       reduce(other = 0.0, path IN ranked[$evidence..] | other + path.contribution) AS otherContribution
ORDER BY score DESC, productId
