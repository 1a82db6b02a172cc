// Which model is asked: this one, or the active one? And from when to when does it speak?
// @read one
// @param id: ID
// @return id: ID!
// @return asOf: DateTime!
// @return until: DateTime!
// @return parameters: JSON!
// @return weights: JSON!
// @return metrics: JSON!
MATCH (m:Model)
WHERE ($id IS NULL AND m.status = 'ACTIVE') OR m.id = $id
RETURN m.id AS id, m.asOf AS asOf, m.dataUntil + duration({days: 1}) AS until, m.parameters AS parameters, m.weights AS weights,
       m.metrics AS metrics
ORDER BY m.trainedAt DESC
LIMIT 1
