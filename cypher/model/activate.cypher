// Makes a model the one that answers, in place of the one that did.
// @write one
// @param id: ID!
// @return id: ID!
MATCH (m:Model {id: $id})
WHERE m.status IN ['READY', 'ACTIVE', 'RETIRED']
OPTIONAL MATCH (previous:Model {status: 'ACTIVE'})
WHERE previous.id <> m.id
SET previous.status = 'RETIRED'
WITH DISTINCT m
SET m.status = 'ACTIVE', m.activatedAt = datetime()
RETURN m.id AS id
