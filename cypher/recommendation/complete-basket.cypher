// What goes with a basket, each score the sum of the paths basket product -> bought with -> product?
// @read many
// @param productIds: [ID!]!
// @param customerId: ID
// @param model: ID!
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
// @return evidence: [{ ownId: ID!, ownName: String!, times: Int, contribution: Float!, orders: Int!, customers: Int!, support: Float!, confidence: Float!, lift: Float!, cosine: Float! }!]!
// @return paths: Int!
// @return otherContribution: Float!
UNWIND $productIds AS productId
MATCH (own:Product {id: productId})-[w:BOUGHT_WITH {model: $model}]->(p:Product)
WHERE p.merchandise AND p.active AND NOT p.id IN $productIds
WITH p, sum(w.cosine) AS score, collect({own: own, w: w}) AS paths,
     ['department:' + coalesce(p.department, '?'), 'category:' + coalesce(p.category, '?'),
      coalesce(p.category, '?') + ' | ' + coalesce(p.type, '?')] AS categoryIds
WHERE ($categories IS NULL OR any(id IN categoryIds WHERE id IN $categories))
  AND ($excludeCategories IS NULL OR none(id IN categoryIds WHERE id IN $excludeCategories))
  AND ($brands IS NULL OR p.brand IN $brands)
  AND ($excludeProducts IS NULL OR NOT p.id IN $excludeProducts)
  AND ($minPrice IS NULL OR p.price >= $minPrice)
  AND ($maxPrice IS NULL OR p.price <= $maxPrice)
  AND ($includeOwned OR $customerId IS NULL OR NOT EXISTS { (:Customer {id: $customerId})-[b:BOUGHT]->(p) WHERE b.orders > 0 })
WITH p, score, paths
ORDER BY score DESC, p.id
LIMIT $first
CALL (paths) {
  UNWIND paths AS path
  WITH path ORDER BY path.w.cosine DESC, path.own.id
  RETURN collect(path) AS ranked
}
RETURN p.id AS productId, p.name AS productName, score,
       [path IN ranked[..$evidence] | {
         ownId: path.own.id, ownName: path.own.name, contribution: path.w.cosine, orders: path.w.orders,
         customers: path.w.customers, support: path.w.support, confidence: path.w.confidence, lift: path.w.lift,
         cosine: path.w.cosine
       }] AS evidence,
       size(ranked) AS paths,
       reduce(other = 0.0, path IN ranked[$evidence..] | other + path.w.cosine) AS otherContribution
ORDER BY score DESC, productId
