// A new model version, in training.
// @write one
// @param id: ID!
// @param asOf: DateTime!
// @param dataUntil: DateTime!
// @param halfLifeDays: Float!
// @param repeatHalfLifeDays: Float!
// @param parameters: JSON!
// @param weights: JSON!
// @param kinds: [String!]!
// @return id: ID!
CREATE (m:Model {id: $id, status: 'TRAINING', createdAt: datetime(), asOf: $asOf, dataUntil: $dataUntil, progress: 0.0,
                 halfLifeDays: $halfLifeDays, repeatHalfLifeDays: $repeatHalfLifeDays, parameters: $parameters, weights: $weights, kinds: $kinds, metrics: '{}'})
RETURN m.id AS id
