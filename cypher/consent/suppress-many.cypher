// Puts customers and addresses on the suppression list, those that are not there for that channel (null: for all).
// @write one
// @param rows: [{ id: ID!, entry: String!, key: String!, of: String!, customerId: ID, channel: String, reason: String! }!]!
// @return found: Int!
UNWIND $rows AS row
MERGE (s:Suppression {entry: row.entry})
ON CREATE SET s.id = row.id, s.key = row.key, s.of = row.of, s.customerId = row.customerId, s.channel = row.channel, s.reason = row.reason,
              s.at = datetime.realtime()
RETURN count(*) AS found
