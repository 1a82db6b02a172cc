// How many are in a campaign's treatment and holdout, by the model and the leading kind of their best offer, and how many of them bought
// one of its products from `since` (or from when they were decided about, if that was later) until before `until`? Who was erased is in
// their arm, without purchases where these are gone.
// @read many
// @param id: ID!
// @param since: DateTime!
// @param until: DateTime!
// @return arm: String!
// @return model: ID!
// @return kind: String
// @return customers: Int!
// @return bought: Int!
MATCH (k:Campaign {id: $id})
WITH k, COLLECT {
       MATCH (k)-[:PROMOTES]->(p:Product) RETURN p.id AS id
       UNION
       MATCH (k)-[:OFFERS]->(:Coupon)-[:FOR]->(p:Product) RETURN p.id AS id
     } AS productIds
MATCH (k)<-[:IN]-(d:Decision)
WHERE d.arm IN ['TREATMENT', 'HOLDOUT']
OPTIONAL MATCH (d)<-[:GOT]-(c)
WITH productIds, d, c, CASE WHEN d.at > $since THEN d.at ELSE $since END AS since
WITH d, EXISTS {
  MATCH (c)-[:PLACED]->(o:Order)-[l:CONTAINS]->(p:Product)
  WHERE o.counted AND o.placedAt >= since AND o.placedAt < $until AND p.id IN productIds
  WITH o, p, sum(l.quantity) AS quantity, sum(l.value) AS value
  WHERE quantity > 0 AND value > 0
  RETURN p
} AS bought
RETURN d.arm AS arm, d.model AS model, d.kind AS kind, count(*) AS customers, count(CASE WHEN bought THEN 1 END) AS bought
