// Notes that these customers withdrew their consent to marketing, as of when they did: what they said later counts more.
// @write one
// @param withdrawals: [{ id: ID!, customerId: ID!, channel: String!, source: String!, at: DateTime! }!]!
// @return written: Int!
UNWIND $withdrawals AS row
MATCH (c:Customer {id: row.customerId})
CREATE (c)-[:GAVE]->(:Consent {id: row.id, channel: row.channel, purpose: 'MARKETING', granted: false, source: row.source, at: row.at})
RETURN count(*) AS written
