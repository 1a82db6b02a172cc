// Of what share of the customers are the offers of a model kept?
// @read one
// @param model: ID!
// @return progress: Float!
MATCH (s:Snapshot {model: $model})
RETURN coalesce(s.progress, 0.0) AS progress
LIMIT 1
