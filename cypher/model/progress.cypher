// How far a training is.
// @write one
// @param id: ID!
// @param progress: Float!
// @return id: ID!
MATCH (m:Model {id: $id, status: 'TRAINING'})
SET m.progress = $progress, m.aliveAt = datetime.realtime()
RETURN m.id AS id
