// How far the training of a model is.
// @write one
// @param id: ID!
// @param progress: Float!
// @return id: ID!
MATCH (m:Model {id: $id})
SET m.progress = $progress
RETURN m.id AS id
