// Records what happened between customers and campaigns. Who is not known yet is created, to be described later.
// @write one
// @param customerIds: [ID!]!
// @param interactions: [{ id: ID!, customerId: ID!, campaignId: ID!, type: String!, channel: String, productId: ID, orderId: ID, at: DateTime! }!]!
// @return written: Int!
CALL () {
  UNWIND $customerIds AS customerId
  MERGE (c:Customer {id: customerId})
  RETURN count(*) AS customers
}
UNWIND $interactions AS row
MATCH (c:Customer {id: row.customerId})
MATCH (campaign:Campaign {id: row.campaignId})
CREATE (i:Interaction {id: row.id, type: row.type, channel: row.channel, productId: row.productId, orderId: row.orderId, at: row.at})
CREATE (c)-[:HAD]->(i)-[:WITH]->(campaign)
// Ids are those of a kind: a view may have the same.
SET c.change = 'interaction:' + i.id
RETURN count(*) AS written
