// What is known of a customer themselves, and worked out about them? No row: there is no such customer.
// @read one
// @param customerId: ID!
// @return attributes: { origin: String, age: String, income: String, householdSize: String, homeOwnership: String, maritalStatus: String, householdComposition: String, kids: String, language: String, timeZone: String, objectsToProfiling: Boolean }!
// @return groups: [ID!]!
// @return purchases: [{ productId: ID!, orders: Int!, quantity: Float!, value: Float!, firstAt: DateTime, lastAt: DateTime }!]!
// @return similarCustomers: [{ model: ID!, customers: Int! }!]!
// @return offers: [{ productId: ID!, rank: Int!, score: Float!, keptAt: DateTime }!]!
MATCH (c:Customer {id: $customerId})
RETURN c {.origin, .age, .income, .householdSize, .homeOwnership, .maritalStatus, .householdComposition, .kids, .language,
          .timeZone, objectsToProfiling: c.objected} AS attributes,
       COLLECT { MATCH (c)-[:BELONGS_TO]->(g:Group) RETURN g.id ORDER BY g.id } AS groups,
       COLLECT {
         MATCH (c)-[b:BOUGHT]->(p:Product)
         RETURN b {productId: p.id, .orders, .quantity, .value, .firstAt, .lastAt} AS purchase ORDER BY p.id
       } AS purchases,
       COLLECT {
         MATCH (c)-[s:SIMILAR_TO]->()
         WITH s.model AS model, count(*) AS customers
         RETURN {model: model, customers: customers} AS similar ORDER BY model
       } AS similarCustomers,
       COLLECT {
         MATCH (c)-[r:RECOMMENDED_A|RECOMMENDED_B]->(p:Product)
         RETURN r {productId: p.id, .rank, .score, keptAt: CASE type(r) WHEN 'RECOMMENDED_A' THEN c.snapshotAtA ELSE c.snapshotAtB END} AS offer
         ORDER BY type(r), r.rank
       } AS offers
