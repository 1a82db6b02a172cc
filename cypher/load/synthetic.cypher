// Gives customers a made-up language, time zone, contact details (sealed) and (some of them) consent, where there is none.
// @write one
// @param rows: [{ id: ID!, language: String!, timeZone: String!, contactKey: String, contactName: String, contactEmail: String, contactPhone: String, emailIndex: String, phoneIndex: String, channels: [String!]!, at: DateTime! }!]!
// @return written: Int!
UNWIND $rows AS row
MATCH (c:Customer {id: row.id})
SET c.language = coalesce(c.language, row.language), c.timeZone = coalesce(c.timeZone, row.timeZone), c.synthetic = true
WITH c, row
// All or none: made-up details never stand beside real ones, and sealing them anew would change them each time.
FOREACH (lacking IN CASE WHEN c.contactKey IS NULL THEN [c] ELSE [] END |
  SET lacking.contactKey = row.contactKey, lacking.contactName = row.contactName,
      lacking.contactEmail = row.contactEmail, lacking.contactPhone = row.contactPhone,
      lacking.emailIndex = row.emailIndex, lacking.phoneIndex = row.phoneIndex
)
WITH c, row
CALL (c, row) {
  UNWIND row.channels AS channel
  MERGE (g:Consent {id: 'synthetic:' + row.id + ':' + channel})
  ON CREATE SET g.channel = channel, g.purpose = 'MARKETING', g.granted = true, g.at = row.at, g.source = 'synthetic'
  MERGE (c)-[:GAVE]->(g)
}
RETURN count(*) AS written
