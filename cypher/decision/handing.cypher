// How is a campaign handed over?
// @read one
// @param id: ID!
// @return id: ID!
// @return name: String!
// @return status: String!
// @return channels: [String!]!
// @return cap: { max: Int!, days: Int!, channel: String }
// @return startsAt: DateTime!
// @return endsAt: DateTime!
// @return webhookUrl: String
MATCH (k:Campaign {id: $id})
RETURN k.id AS id, k.name AS name, k.status AS status, coalesce(k.channels, []) AS channels,
       CASE WHEN k.capMax IS NOT NULL THEN { max: k.capMax, days: k.capDays, channel: k.capChannel } END AS cap,
       k.startsAt AS startsAt, k.endsAt AS endsAt, k.webhookUrl AS webhookUrl
