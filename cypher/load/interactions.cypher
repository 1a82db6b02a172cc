// Writes what happened between customers and campaigns.
// @write one
// @param rows: [{ id: ID!, customerId: ID!, campaignId: ID!, type: String!, couponId: ID, at: DateTime }!]!
// @return written: Int!
UNWIND $rows AS row
MATCH (campaign:Campaign {id: row.campaignId})
MERGE (c:Customer {id: row.customerId})
ON CREATE SET c.origin = 'IMPORT'
MERGE (i:Interaction {id: row.id})
ON CREATE SET i.type = row.type, i.at = coalesce(row.at, campaign.startsAt), i.couponId = row.couponId, i.origin = 'IMPORT'
MERGE (c)-[:HAD]->(i)
MERGE (i)-[:WITH]->(campaign)
RETURN count(i) AS written
