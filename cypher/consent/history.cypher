// What did this customer say to marketing and profiling, the newest first? No row: the customer is not known.
// @read one
// @param customerId: ID!
// @param first: Int!
// @return consents: [{ id: ID!, channel: String!, purpose: String!, granted: Boolean!, source: String!, at: DateTime! }!]!
MATCH (c:Customer {id: $customerId})
RETURN COLLECT {
  MATCH (c)-[:GAVE]->(k:Consent)
  RETURN k {.id, .channel, .purpose, .granted, .source, .at} AS consent
  ORDER BY k.at DESC, k.id
  LIMIT $first
} AS consents
