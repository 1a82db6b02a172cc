// Which of these events are new? They are noted as taken by this transaction, in the order given; a second writer waits and finds them.
// @write many
// @param ids: [ID!]!
// @return id: ID!
UNWIND $ids AS id
MERGE (e:Event {id: id})
ON CREATE SET e.isNew = true
WITH e, e.isNew IS NOT NULL AS isNew
SET e.isNew = null, e.at = coalesce(e.at, datetime())
WITH e, isNew
WHERE isNew
RETURN e.id AS id
