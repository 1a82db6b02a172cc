// Of how many customers the offers of a model are kept, as a share.
// @write one
// @param slot: ID!
// @param model: ID!
// @param progress: Float!
// @return id: ID!
MATCH (s:Snapshot {id: $slot, model: $model})
SET s.progress = $progress
RETURN s.id AS id
