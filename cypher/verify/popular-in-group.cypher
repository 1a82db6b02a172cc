// How popular is this product in the groups of this customer, each counting the same?
// @read one
// @param customerId: ID!
// @param productId: ID!
// @param model: ID!
// @return total: Float!
MATCH (:Customer {id: $customerId})-[:BELONGS_TO]->(group:Group)
OPTIONAL MATCH (group)-[popular:POPULAR {model: $model}]->(:Product {id: $productId})
RETURN coalesce(sum(popular.share) / toFloat(nullIf(count(DISTINCT group), 0)), 0.0) AS total
