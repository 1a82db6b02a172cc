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
     log(1 + b.orders) *
     CASE WHEN b.lastAt >= $asOf THEN 1.0 ELSE 0.5 ^ (duration.inSeconds(b.lastAt, $asOf).seconds / 86400.0 / $halfLifeDays) END AS affinity
WITH collect({own: own, times: times, affinity: affinity}) AS basket, collect(own) AS owned
UNWIND basket AS item
WITH owned, item, item.own AS own, item.affinity AS affinity
MATCH (own)-[w:BOUGHT_WITH {model: $model}]->(p:Product)
WITH owned, p, sum(affinity * w.cosine) AS score, collect(w) AS ws, collect(item) AS items
WHERE p.merchandise AND p.active AND ($includeOwned OR NOT p IN owned)
WITH p, score, ws, items,
     ['department:' + coalesce(p.department, '?'), 'category:' + coalesce(p.category, '?'),
      coalesce(p.category, '?') + ' | ' + coalesce(p.type, '?')] AS categoryIds
WHERE ($categories IS NULL OR any(id IN categoryIds WHERE id IN $categories))
  AND ($excludeCategories IS NULL OR none(id IN categoryIds WHERE id IN $excludeCategories))
  AND ($brands IS NULL OR p.brand IN $brands)
  AND ($excludeProducts IS NULL OR NOT p.id IN $excludeProducts)
  AND ($minPrice IS NULL OR p.price >= $minPrice)
  AND ($maxPrice IS NULL OR p.price <= $maxPrice)
WITH p, score, ws, items
ORDER BY score DESC, p.id
LIMIT $first
CALL (ws, items) {
  UNWIND range(0, size(ws) - 1) AS i
  WITH ws[i] AS w, items[i] AS item
  WITH w, item, item.affinity * w.cosine AS contribution, item.own AS own
  ORDER BY contribution DESC, own.id
  RETURN collect({w: w, own: own, times: item.times, contribution: contribution}) AS ranked
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
