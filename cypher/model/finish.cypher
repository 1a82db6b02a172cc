// A training has ended, well or not.
// @write one
// @param id: ID!
// @param status: String!
// @param metrics: JSON!
// @return id: ID!
MATCH (m:Model {id: $id})
SET m.status = $status, m.trainedAt = datetime(), m.metrics = $metrics,
    m.progress = CASE $status WHEN 'READY' THEN 1.0 ELSE m.progress END
RETURN m.id AS id
