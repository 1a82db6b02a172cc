// Which model answers: the one asked for, or the active one?
// @read one
// @param id: ID
// @return model: { id: ID!, status: String!, trainedAt: DateTime, dataUntil: DateTime, asOf: DateTime!, progress: Float!, parameters: JSON!, weights: JSON!, kinds: [String!]!, metrics: JSON! }!
MATCH (m:Model)
WHERE ($id IS NULL AND m.status = 'ACTIVE') OR m.id = $id
RETURN m {.*} AS model
ORDER BY m.trainedAt DESC
LIMIT 1
