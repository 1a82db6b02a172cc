// Who has had as many messages as one of these caps allows, counted as in allowed.cypher, and until when?
// @read many
// @param since: DateTime!
// @param now: DateTime!
// @param caps: [{ max: Int!, days: Int!, channel: String }!]!
// @param first: Int!
// @return customerId: ID!
// @return until: DateTime!
CALL () {
  MATCH (c:Customer)-[:GOT]->(d:Decision)
  WHERE (d.at > $since OR d.handedAt > $since) AND d.arm = 'TREATMENT'
  RETURN c, d.channel AS channel, coalesce(d.handedAt, d.at) AS at
  UNION ALL
  MATCH (c:Customer)-[:HAD]->(i:Interaction)-[:WITH]->(k:Campaign)
  WHERE i.at > $since AND i.type = 'SENT' AND NOT EXISTS { (c)-[:GOT]->(:Decision {arm: 'TREATMENT'})-[:IN]->(k) }
  RETURN c, i.channel AS channel, i.at AS at
}
WITH c, channel, at
ORDER BY at DESC
WITH c, collect({channel: channel, at: at}) AS messages
UNWIND $caps AS cap
WITH c, cap, [m IN messages WHERE cap.channel IS NULL OR m.channel = cap.channel | m.at] AS ats
WHERE size(ats) >= cap.max
WITH c.id AS customerId, max(ats[cap.max - 1] + duration({hours: 24 * cap.days})) AS until
WHERE until > $now
RETURN customerId, until
ORDER BY until DESC, customerId
LIMIT $first
