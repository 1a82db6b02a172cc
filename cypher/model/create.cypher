// A new model version, in training, unless another is being trained: which one?
// @write one
// @param id: ID!
// @param asOf: DateTime!
// @param dataUntil: DateTime!
// @param halfLifeDays: Float!
// @param repeatHalfLifeDays: Float!
// @param parameters: JSON!
// @param weights: JSON!
// @param kinds: [String!]!
// @param leaseSeconds: Int!
// @return training: ID
MERGE (l:Lock {id: 'training'})
SET l.held = true
WITH l
CALL () {
  OPTIONAL MATCH (other:Model {status: 'TRAINING'})
  WHERE other.aliveAt > datetime.realtime() - duration({seconds: $leaseSeconds})
  RETURN other.id AS training
  LIMIT 1
}
CALL (training) {
  WITH training
  WHERE training IS NULL
  CREATE (m:Model {id: $id, status: 'TRAINING', createdAt: datetime.realtime(), aliveAt: datetime.realtime(), asOf: $asOf, dataUntil: $dataUntil, progress: 0.0,
                   halfLifeDays: $halfLifeDays, repeatHalfLifeDays: $repeatHalfLifeDays, parameters: $parameters, weights: $weights, kinds: $kinds, metrics: '{}'})
}
RETURN training
