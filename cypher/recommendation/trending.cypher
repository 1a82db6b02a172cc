// By how many customers were these products bought lately, where more did than before?
// @read many
// @param productIds: [ID!]!
// @param model: ID!
// @return productId: ID!
// @return recent: Int!
// @return before: Int!
// @return recentShare: Float!
UNWIND $productIds AS productId
MATCH (:Product {id: productId})<-[m:MEASURED]-(:Model {id: $model})
WHERE m.recent > m.before
RETURN productId, m.recent AS recent, m.before AS before, m.recentShare AS recentShare
