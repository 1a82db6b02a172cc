// What has been revoked since then, and what time is it here?
// @read one
// @param since: DateTime!
// @return revocations: [{ id: ID!, at: DateTime! }!]!
// @return now: DateTime!
MATCH (r:Revocation)
WHERE r.at >= $since
WITH collect({id: r.id, at: r.at}) AS revocations
RETURN revocations, datetime() AS now
