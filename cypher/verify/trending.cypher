// Which share of all customers bought this product lately, if more did than before?
// @read one
// @param productId: ID!
// @param model: ID!
// @return total: Float!
MATCH (:Model {id: $model})-[measured:MEASURED]->(:Product {id: $productId})
RETURN sum(CASE WHEN measured.recent > measured.before THEN measured.recentShare ELSE 0.0 END) AS total
