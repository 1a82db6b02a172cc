// A new model version, in training.
// @write one
// @param id: ID!
// @param asOf: DateTime!
// @param parameters: JSON!
// @param weights: JSON!
// @return id: ID!
CREATE (m:Model {id: $id, status: 'TRAINING', createdAt: datetime(), asOf: $asOf, dataUntil: $asOf, progress: 0.0,
                 parameters: $parameters, weights: $weights, metrics: '{}'})
RETURN m.id AS id
