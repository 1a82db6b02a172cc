// Revokes one token, or what a subject was given until now. When?
// @write one
// @param id: ID!
// @return at: DateTime!
MERGE (r:Revocation {id: $id})
SET r.at = datetime.realtime()
RETURN r.at AS at
