// Nothing of what a model learned is left.
// @write one
// @param id: ID!
// @return id: ID!
MATCH (m:Model {id: $id})
WHERE m.status IN ['RETIRED', 'FAILED']
SET m.forgottenAt = datetime.realtime()
RETURN m.id AS id
