// A training has ended, well or not. No row: it was given up before.
// @write one
// @param id: ID!
// @param status: String!
// @param metrics: JSON!
// @return id: ID!
MATCH (m:Model {id: $id, status: 'TRAINING'})
SET m.status = $status, m.trainedAt = datetime.realtime(), m.metrics = $metrics,
    m.progress = CASE $status WHEN 'READY' THEN 1.0 ELSE m.progress END
RETURN m.id AS id
