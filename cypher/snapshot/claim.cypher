// Gives the active model a snapshot, not that of the model before it. Which, and is this instance the one that keeps it?
// @write one
// @param owner: ID!
// @param leaseSeconds: Int!
// @return slot: ID!
// @return model: ID!
// @return mine: Boolean!
MERGE (l:Lock {id: 'snapshot'})
SET l.held = true
WITH l
MATCH (m:Model {status: 'ACTIVE'})
MERGE (a:Snapshot {id: 'A'})
MERGE (b:Snapshot {id: 'B'})
WITH m, CASE WHEN a.model = m.id THEN a WHEN b.model = m.id THEN b WHEN a.model = m.previousId THEN b ELSE a END AS s
SET s.progress = CASE WHEN s.model = m.id THEN s.progress ELSE 0.0 END, s.model = m.id
WITH m, s, s.owner IS NULL OR s.owner = $owner OR s.aliveAt < datetime.realtime() - duration({seconds: $leaseSeconds}) AS mine
SET s.owner = CASE WHEN mine THEN $owner ELSE s.owner END, s.aliveAt = CASE WHEN mine THEN datetime.realtime() ELSE s.aliveAt END
RETURN s.id AS slot, m.id AS model, mine
LIMIT 1
