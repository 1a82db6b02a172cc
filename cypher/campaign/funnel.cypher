// How many customers have each type of interaction with a campaign, by channel? Who was erased counts.
// @read many
// @param id: ID!
// @return type: String!
// @return channel: String
// @return customers: Int!
MATCH (:Campaign {id: $id})<-[:WITH]-(i:Interaction)<-[:HAD]-(c)
RETURN i.type AS type, i.channel AS channel, count(DISTINCT c) AS customers
