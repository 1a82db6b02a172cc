// What is known of a model?
// @read one
// @param id: ID!
// @return model: { id: ID!, status: String!, trainedAt: DateTime, dataUntil: DateTime, progress: Float!, weights: JSON!, metrics: JSON! }!
MATCH (m:Model {id: $id})
RETURN m {.*} AS model
