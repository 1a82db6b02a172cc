// Gives customers a made-up language, time zone and (some of them) consent, where there is none.
// @write one
// @param rows: [{ id: ID!, language: String!, timeZone: String!, channels: [String!]!, at: DateTime! }!]!
// @return written: Int!
UNWIND $rows AS row
MATCH (c:Customer {id: row.id})
SET c.language = coalesce(c.language, row.language), c.timeZone = coalesce(c.timeZone, row.timeZone), c.synthetic = true
WITH c, row
CALL (c, row) {
  UNWIND row.channels AS channel
  MERGE (g:Consent {id: 'synthetic:' + row.id + ':' + channel})
  ON CREATE SET g.channel = channel, g.purpose = 'MARKETING', g.granted = true, g.at = row.at, g.source = 'synthetic'
  MERGE (c)-[:GAVE]->(g)
}
RETURN count(*) AS written
