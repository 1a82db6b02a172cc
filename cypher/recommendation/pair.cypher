// What is known of this product, and which paths lead to it from what this customer buys?
// @read one
// @param customerId: ID!
// @param productId: ID!
// @param model: ID!
// @param asOf: DateTime!
// @param halfLifeDays: Float!
// @return product: { id: ID!, name: String!, merchandise: Boolean!, active: Boolean!, brand: String, price: Float, department: String, category: String, type: String }!
// @return timesBought: Int!
// @return evidence: [{ ownId: ID!, ownName: String!, times: Int!, contribution: Float!, orders: Int!, customers: Int!, support: Float!, confidence: Float!, lift: Float!, cosine: Float! }!]!
MATCH (c:Customer {id: $customerId})
MATCH (p:Product {id: $productId})
OPTIONAL MATCH (c)-[already:BOUGHT]->(p)
CALL (c, p) {
  OPTIONAL MATCH (c)-[b:BOUGHT]->(own:Product)-[w:BOUGHT_WITH {model: $model}]->(p)
  WHERE b.orders > 0
  WITH own, w, b,
       log(1 + b.orders) * CASE WHEN b.lastAt >= $asOf THEN 1.0 ELSE 0.5 ^ (duration.inSeconds(b.lastAt, $asOf).seconds / 86400.0 / $halfLifeDays) END * w.cosine AS contribution
  ORDER BY contribution DESC, own.id
  RETURN collect(CASE WHEN own IS NOT NULL THEN {
    ownId: own.id, ownName: own.name, times: b.orders, contribution: contribution, orders: w.orders, customers: w.customers,
    support: w.support, confidence: w.confidence, lift: w.lift, cosine: w.cosine
  } END) AS evidence
}
RETURN p {.id, .name, .merchandise, .active, .brand, .price, .department, .category, .type} AS product,
       coalesce(already.orders, 0) AS timesBought, evidence
