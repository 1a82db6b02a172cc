// How many customers have contact details that are sealed under another PII key than this?
// @read one
// @param prefix: String!
// @return customers: Int!
MATCH (c:Customer)
WHERE c.id >= '' AND c.contactKey IS NOT NULL AND NOT c.contactKey STARTS WITH $prefix
RETURN count(c) AS customers
