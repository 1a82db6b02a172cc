// How popular is this product with those who responded to the campaigns this customer responded to, each counting the same?
// @read one
// @param customerId: ID!
// @param productId: ID!
// @param model: ID!
// @return total: Float!
MATCH (:Customer {id: $customerId})-[:HAD]->(response:Interaction)-[:WITH]->(campaign:Campaign)
WHERE response.type IN ['CLICKED', 'REDEEMED', 'CONVERTED']
WITH DISTINCT campaign
OPTIONAL MATCH (campaign)-[popular:POPULAR {model: $model}]->(:Product {id: $productId})
RETURN coalesce(sum(popular.share) / toFloat(nullIf(count(DISTINCT campaign), 0)), 0.0) AS total
