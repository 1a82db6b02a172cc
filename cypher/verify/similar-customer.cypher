// What do the paths customer -> similar customer -> product add up to, by what each had bought when a model learned?
// @read one
// @param customerId: ID!
// @param productId: ID!
// @param model: ID!
// @param asOf: DateTime!
// @param halfLifeDays: Float!
// @return total: Float!
MATCH (:Product {id: $productId})-[:HAD_BUYERS {model: $model}]->(b:Buyers)
UNWIND range(0, size(b.places) - 1) AS i
MATCH (:Customer {id: $customerId})-[similar:SIMILAR_TO {model: $model, place: b.places[i]}]->(:Customer)
WITH similar.weight AS weight, ($asOf.epochMillis - b.lastAt[i]) / 86400000.0 AS days
RETURN sum(weight * 0.5 ^ (CASE WHEN days > 0 THEN days ELSE 0 END / $halfLifeDays)) AS total
