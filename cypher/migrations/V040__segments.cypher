// What a customer bought in all, kept by every write of orders: what segments would otherwise have to add up each time.
CREATE CONSTRAINT segment_id IF NOT EXISTS FOR (s:Segment) REQUIRE s.id IS UNIQUE;
CREATE INDEX customer_spent IF NOT EXISTS FOR (c:Customer) ON (c.spent);
CREATE INDEX customer_order_count IF NOT EXISTS FOR (c:Customer) ON (c.orderCount);
CREATE INDEX customer_last_order_at IF NOT EXISTS FOR (c:Customer) ON (c.lastOrderAt);
CREATE INDEX customer_objected IF NOT EXISTS FOR (c:Customer) ON (c.objected);
CREATE INDEX consent_about IF NOT EXISTS FOR (k:Consent) ON (k.purpose, k.channel);
MATCH (c:Customer)
CALL (c) {
  MATCH (c)-[:PLACED]->(o:Order)
  WHERE o.counted
  WITH c, count(o) AS orders, round(sum(o.value), 6) AS spent, min(o.placedAt) AS firstAt, max(o.placedAt) AS lastAt
  WHERE orders > 0
  SET c.orderCount = orders, c.spent = spent, c.firstOrderAt = firstAt, c.lastOrderAt = lastAt
} IN TRANSACTIONS OF 1000 ROWS
