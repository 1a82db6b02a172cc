// What of that which a campaign names does not exist?
// @read one
// @param segmentId: ID!
// @param products: [ID!]!
// @param coupons: [ID!]!
// @param modelIds: [ID!]!
// @return segmentId: [ID!]!
// @return products: [ID!]!
// @return coupons: [ID!]!
// @return modelIds: [ID!]!
RETURN [id IN [$segmentId] WHERE NOT EXISTS { (:Segment {id: id}) }] AS segmentId,
       [id IN $products WHERE NOT EXISTS { (:Product {id: id}) }] AS products,
       [id IN $coupons WHERE NOT EXISTS { (:Coupon {id: id}) }] AS coupons,
       [id IN $modelIds WHERE NOT EXISTS { (:Model {id: id}) }] AS modelIds
