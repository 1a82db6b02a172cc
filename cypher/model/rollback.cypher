// The model that answered before the active one answers again. No row: there is none.
// @write one
// @return id: ID!
MERGE (l:Lock {id: 'activation'})
SET l.held = true
WITH l
MATCH (active:Model {status: 'ACTIVE'})
MATCH (m:Model {id: active.previousId, status: 'READY'})
SET active.status = 'READY', m.status = 'ACTIVE', m.activatedAt = datetime.realtime()
RETURN m.id AS id
