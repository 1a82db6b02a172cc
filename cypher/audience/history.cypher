// What had these customers done, by what a response to a campaign is expected from, in a period? Each thing done counts
// 0.5 ^ (its age at asOf / halfLifeDays), the names with Count without that. Without who objects to profiling.
// @read many
// @param campaignId: ID!
// @param customerIds: [ID!]!
// @param since: DateTime!
// @param before: DateTime!
// @param asOf: DateTime!
// @param halfLifeDays: Float!
// @return customerId: ID!
// @return orders: Float!
// @return ordersCount: Int!
// @return couponOrders: Float!
// @return couponOrdersCount: Int!
// @return couponLines: Float!
// @return couponLinesCount: Int!
// @return promoted: Float!
// @return promotedCount: Int!
// @return promotedWithCoupon: Float!
// @return promotedWithCouponCount: Int!
// @return promotedProducts: Int!
// @return redemptions: Float!
// @return redemptionsCount: Int!
MATCH (campaign:Campaign {id: $campaignId})
UNWIND $customerIds AS customerId
MATCH (c:Customer {id: customerId})
WHERE NOT coalesce(c.objected, false)
CALL (c, campaign) {
  MATCH (c)-[:PLACED]->(o:Order {counted: true})
  WHERE o.placedAt >= $since AND o.placedAt < $before
  WITH campaign, o, ($asOf.epochMillis - o.placedAt.epochMillis) / 86400000.0 AS days
  WITH campaign, o, CASE WHEN days <= 0 THEN 1.0 ELSE 0.5 ^ (days / $halfLifeDays) END AS weight
  CALL (campaign, o) {
    MATCH (o)-[r:CONTAINS]->(p:Product)
    WITH p, r.couponDiscount IS NOT NULL AS coupon, r.quantity > 0 AND r.value > 0 AND EXISTS { (campaign)-[:PROMOTES]->(p) } AS promoted
    WHERE coupon OR promoted
    RETURN count(CASE WHEN coupon THEN 1 END) AS withCoupon, count(CASE WHEN promoted THEN 1 END) AS promoted,
           count(CASE WHEN coupon AND promoted THEN 1 END) AS both, collect(CASE WHEN promoted THEN p.id END) AS productIds
  }
  WITH weight, withCoupon, promoted, both, productIds, CASE WHEN withCoupon > 0 THEN 1 ELSE 0 END AS used
  RETURN sum(weight) AS orders, count(*) AS ordersCount, sum(weight * used) AS couponOrders, sum(used) AS couponOrdersCount,
         sum(weight * withCoupon) AS couponLines, sum(withCoupon) AS couponLinesCount,
         sum(weight * promoted) AS promoted, sum(promoted) AS promotedCount,
         sum(weight * both) AS promotedWithCoupon, sum(both) AS promotedWithCouponCount, collect(productIds) AS productIds
}
CALL (c) {
  MATCH (c)-[:HAD]->(i:Interaction)
  WHERE i.type IN ['REDEEMED', 'CONVERTED'] AND i.at >= $since AND i.at < $before
  WITH ($asOf.epochMillis - i.at.epochMillis) / 86400000.0 AS days
  RETURN sum(CASE WHEN days <= 0 THEN 1.0 ELSE 0.5 ^ (days / $halfLifeDays) END) AS redemptions, count(*) AS redemptionsCount
}
CALL (productIds) {
  UNWIND productIds AS some
  UNWIND some AS id
  RETURN count(DISTINCT id) AS promotedProducts
}
RETURN customerId, toFloat(orders) AS orders, ordersCount, toFloat(couponOrders) AS couponOrders, couponOrdersCount,
       toFloat(couponLines) AS couponLines, couponLinesCount, toFloat(promoted) AS promoted, promotedCount,
       toFloat(promotedWithCoupon) AS promotedWithCoupon, promotedWithCouponCount, promotedProducts,
       toFloat(redemptions) AS redemptions, redemptionsCount
