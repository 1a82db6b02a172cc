// Writes campaigns of the past.
// @write one
// @param rows: [{ id: ID!, type: String!, startsAt: DateTime!, endsAt: DateTime! }!]!
// @return written: Int!
UNWIND $rows AS row
MERGE (c:Campaign {id: row.id})
ON CREATE SET c.name = 'Campaign ' + row.id, c.type = row.type, c.startsAt = row.startsAt, c.endsAt = row.endsAt,
              c.status = 'COMPLETED', c.origin = 'IMPORT'
RETURN count(c) AS written
