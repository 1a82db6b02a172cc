// How far is a campaign whose performance is asked for? `sent`: customers it was sent to.
// @read one
// @param id: ID!
// @return status: String!
// @return launchedAt: DateTime
// @return endsAt: DateTime
// @return completedAt: DateTime
// @return decided: Boolean!
// @return sent: Int!
MATCH (k:Campaign {id: $id})
RETURN k.status AS status, k.launchedAt AS launchedAt, k.endsAt AS endsAt, k.completedAt AS completedAt,
       EXISTS { (k)<-[:IN]-(:Decision) } AS decided,
       COUNT { MATCH (k)<-[:WITH]-(i:Interaction)<-[:HAD]-(c) WHERE i.type = 'SENT' RETURN DISTINCT c } AS sent
LIMIT 1
