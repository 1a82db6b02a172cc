// Which customers belong to each group?
// @read many
// @return groupId: ID!
// @return customerIds: [ID!]!
MATCH (g:Group)<-[:BELONGS_TO]-(c:Customer)
RETURN g.id AS groupId, collect(c.id) AS customerIds
