// How much of these products had been bought by the customers most like this one when a model learned, the lately bought counting more?
// Both lists of places are ascending, so what is found in each lines up: the weight of a customer and when they bought it last.
// @read many
// @param customerId: ID!
// @param productIds: [ID!]!
// @param model: ID!
// @param asOf: DateTime!
// @param halfLifeDays: Float!
// @param latelyDays: Float!
// @return productId: ID!
// @return amount: Float!
// @return customers: Int!
// @return lately: Int!
// @return neighbours: Int!
MATCH (:Customer {id: $customerId})-[s:SIMILAR_TO {model: $model}]->()
WITH s ORDER BY s.place
WITH collect(s.place) AS places, collect(s.weight) AS weights
UNWIND $productIds AS productId
MATCH (:Product {id: productId})-[:HAD_BUYERS {model: $model}]->(b:Buyers)
WITH places, weights, productId, b.places AS buyers, b.lastAt AS lastAt
WITH places, weights, productId, buyers, lastAt, [i IN range(0, size(buyers) - 1) WHERE buyers[i] IN places] AS found
// The few that were found are looked for, not all the buyers again.
WITH productId, places, weights, [i IN found | buyers[i]] AS known, [i IN found | ($asOf.epochMillis - lastAt[i]) / 86400000.0] AS days
WITH productId, size(places) AS neighbours, [i IN range(0, size(places) - 1) WHERE places[i] IN known | weights[i]] AS weights, days
WHERE size(days) > 0
RETURN productId,
       reduce(sum = 0.0, i IN range(0, size(days) - 1) | sum + weights[i] * CASE WHEN days[i] <= 0 THEN 1.0 ELSE 0.5 ^ (days[i] / $halfLifeDays) END) AS amount,
       size(days) AS customers, size([one IN days WHERE one <= $latelyDays]) AS lately, neighbours
