// Which orders did a customer place, oldest first?
// @read many
// @param customerId: ID!
// @return order: { id: ID!, origin: String, revision: Int, placedAt: DateTime!, storeId: ID, channel: String, value: Float! }!
// @return lines: [{ productId: ID!, name: String, quantity: Float!, value: Float!, discount: Float, couponDiscount: Float }!]!
MATCH (:Customer {id: $customerId})-[:PLACED]->(o:Order)
RETURN o {.id, .origin, .revision, .placedAt, .storeId, .channel, .value} AS order,
       COLLECT {
         MATCH (o)-[l:CONTAINS]->(p:Product)
         RETURN l {productId: p.id, name: p.name, .quantity, .value, .discount, .couponDiscount} AS line ORDER BY p.id
       } AS lines
ORDER BY o.placedAt, o.id
