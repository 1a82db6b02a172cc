// Who is CONVERTED as far as was told, by channel? `customer` stands for one here, whoever they are or were.
// @read many
// @param id: ID!
// @return customer: ID!
// @return channel: String
MATCH (:Campaign {id: $id})<-[:WITH]-(i:Interaction)<-[:HAD]-(c)
WHERE i.type = 'CONVERTED'
RETURN DISTINCT elementId(c) AS customer, i.channel AS channel
