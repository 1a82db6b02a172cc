// Of what these customers had done before an instant, what shows best why they may respond to a campaign: the last product bought with a
// coupon, the promoted one bought most often, the one bought with coupons most often, with a coupon of the campaign for it, and the
// last campaign responded to?
// @read many
// @param campaignId: ID!
// @param customerIds: [ID!]!
// @param before: DateTime!
// @return customerId: ID!
// @return withCoupon: { id: ID!, name: String! }
// @return promoted: { id: ID!, name: String! }
// @return promotedWithCoupon: { id: ID!, name: String!, couponId: ID }
// @return redeemed: { id: ID!, name: String! }
MATCH (campaign:Campaign {id: $campaignId})
UNWIND $customerIds AS customerId
MATCH (c:Customer {id: customerId})
CALL (c) {
  MATCH (c)-[:PLACED]->(o:Order {counted: true})-[r:CONTAINS]->(p:Product)
  WHERE o.placedAt < $before AND r.couponDiscount IS NOT NULL
  WITH p ORDER BY o.placedAt DESC, p.id LIMIT 1
  RETURN collect(p {.id, .name})[0] AS withCoupon
}
CALL (c, campaign) {
  MATCH (c)-[:PLACED]->(o:Order {counted: true})-[r:CONTAINS]->(p:Product)
  WHERE o.placedAt < $before AND r.quantity > 0 AND r.value > 0 AND EXISTS { (campaign)-[:PROMOTES]->(p) }
  WITH p, count(*) AS times, count(r.couponDiscount) AS coupons
  RETURN collect({id: p.id, name: p.name, times: times, coupons: coupons}) AS bought
}
CALL (bought) {
  UNWIND bought AS one
  WITH one ORDER BY one.times DESC, one.id LIMIT 1
  RETURN collect(one {.id, .name})[0] AS promoted
}
CALL (campaign, bought) {
  UNWIND bought AS one
  WITH campaign, one WHERE one.coupons > 0
  WITH campaign, one ORDER BY one.coupons DESC, one.id LIMIT 1
  OPTIONAL MATCH (campaign)-[:OFFERS]->(k:Coupon)-[:FOR]->(:Product {id: one.id})
  WITH one, min(k.id) AS couponId
  RETURN collect(one {.id, .name, couponId: couponId})[0] AS promotedWithCoupon
}
CALL (c) {
  MATCH (c)-[:HAD]->(i:Interaction)-[:WITH]->(k:Campaign)
  WHERE i.type IN ['REDEEMED', 'CONVERTED'] AND i.at < $before
  WITH k ORDER BY i.at DESC, i.id LIMIT 1
  RETURN collect(k {.id, .name})[0] AS redeemed
}
RETURN customerId, withCoupon, promoted, promotedWithCoupon, redeemed
