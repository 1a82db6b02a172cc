// How many customers are there?
// @read one
// @return customers: Int!
MATCH (c:Customer)
RETURN count(c) AS customers
