// Writes coupons, what they are for and which campaign offered them. Products that no file named are left out.
// @write one
// @param rows: [{ id: ID!, productId: ID!, campaignId: ID! }!]!
// @return written: Int!
UNWIND $rows AS row
MATCH (campaign:Campaign {id: row.campaignId})
MATCH (p:Product {id: row.productId})
MERGE (coupon:Coupon {id: row.id})
ON CREATE SET coupon.origin = 'IMPORT'
MERGE (campaign)-[:OFFERS]->(coupon)
MERGE (coupon)-[:FOR]->(p)
MERGE (campaign)-[:PROMOTES]->(p)
RETURN count(*) AS written
