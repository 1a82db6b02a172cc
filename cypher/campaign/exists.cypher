// Is there such a campaign?
// @read one
// @param id: ID!
// @return id: ID!
MATCH (campaign:Campaign {id: $id})
RETURN campaign.id AS id
