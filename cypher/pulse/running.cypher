// Which campaigns run, the last begun first?
// @read many
// @param first: Int!
// @return id: ID!
MATCH (campaign:Campaign {status: 'RUNNING'})
RETURN campaign.id AS id
ORDER BY campaign.startsAt DESC, id
LIMIT $first
