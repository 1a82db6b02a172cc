// Which orders of a campaign's products came after it had reached their customer, within so many days of its last touch before the
// order, by that touch's channel? `lastOnly`: without products that another campaign promotes which touched the customer in between (of
// two at the same moment the later by id counts). `customer` stands for one here, whoever they are or were.
// @read many
// @param id: ID!
// @param days: Int!
// @param lastOnly: Boolean!
// @return customer: ID!
// @return channel: String
// @return orders: Int!
// @return revenue: Float!
MATCH (k:Campaign {id: $id})
// Products are looked up line by line: a list of the thousands that coupons are for, carried along, outgrows the memory.
WITH k, ['SENT', 'DELIVERED', 'OPENED', 'CLICKED', 'REDEEMED'] AS touches
MATCH (k)<-[:WITH]-(t:Interaction)<-[:HAD]-(c)
WHERE t.type IN touches
WITH k, touches, c, min(t.at) AS firstAt, max(t.at) AS lastAt
MATCH (c)-[:PLACED]->(o:Order)
WHERE o.counted AND o.placedAt >= firstAt AND o.placedAt <= lastAt + duration({days: $days})
WITH k, touches, c, o,
     head(COLLECT {
       MATCH (c)-[:HAD]->(t:Interaction)-[:WITH]->(k)
       WHERE t.type IN touches AND t.at <= o.placedAt
       RETURN t {.at, .channel} AS touch ORDER BY t.at DESC, t.id LIMIT 1
     }) AS touch
WHERE touch.at + duration({days: $days}) >= o.placedAt
CALL (k, touches, c, o, touch) {
  MATCH (o)-[l:CONTAINS]->(p:Product)
  WHERE EXISTS { (p)<-[:PROMOTES]-(k) } OR EXISTS { (p)<-[:FOR]-(:Coupon)<-[:OFFERS]-(k) }
  WITH k, touches, c, o, touch, p, sum(l.quantity) AS quantity, sum(l.value) AS value
  WHERE quantity > 0 AND value > 0 AND (NOT $lastOnly OR NOT EXISTS {
    MATCH (c)-[:HAD]->(x:Interaction)-[:WITH]->(other:Campaign)
    WHERE x.type IN touches AND x.at <= o.placedAt AND other.id <> k.id AND (x.at > touch.at OR x.at = touch.at AND other.id > k.id)
      AND (EXISTS { (other)-[:PROMOTES]->(p) } OR EXISTS { (other)-[:OFFERS]->(:Coupon)-[:FOR]->(p) })
  })
  RETURN count(p) AS products, sum(value) AS revenue
}
WITH c, o, touch, products, revenue
WHERE products > 0
RETURN elementId(c) AS customer, touch.channel AS channel, count(o) AS orders, round(sum(revenue), 6) AS revenue
