// Which models are there, newest first?
// @read many
// @param first: Int!
// @return model: { id: ID!, status: String!, trainedAt: DateTime, dataUntil: DateTime, progress: Float!, weights: JSON!, metrics: JSON! }!
MATCH (m:Model)
RETURN m {.*} AS model
ORDER BY m.createdAt DESC
LIMIT $first
