// Makes a model the one that answers, in place of the one that did, which stays ready to come back; what is older than both is retired.
// @write one
// @param id: ID!
// @return id: ID!
MERGE (l:Lock {id: 'activation'})
SET l.held = true
WITH l
MATCH (m:Model {id: $id})
WHERE m.status IN ['READY', 'ACTIVE']
OPTIONAL MATCH (previous:Model {status: 'ACTIVE'})
WHERE previous.id <> m.id
SET previous.status = 'READY'
WITH m, head(collect(previous)) AS previous
SET m.status = 'ACTIVE', m.activatedAt = datetime.realtime(), m.previousId = coalesce(previous.id, m.previousId)
WITH m
CALL (m) {
  MATCH (old:Model {status: 'READY'})
  WHERE old.createdAt < m.createdAt AND old.id <> coalesce(m.previousId, '')
  SET old.status = 'RETIRED'
}
RETURN m.id AS id
