// What did a customer say to marketing and profiling, oldest first?
// @read many
// @param customerId: ID!
// @return consent: { id: ID!, channel: String!, purpose: String!, granted: Boolean!, source: String!, at: DateTime! }!
MATCH (:Customer {id: $customerId})-[:GAVE]->(k:Consent)
RETURN k {.id, .channel, .purpose, .granted, .source, .at} AS consent
ORDER BY k.at, k.id
