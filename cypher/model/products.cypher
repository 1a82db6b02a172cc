// What may be offered, by page: merchandise still sold, with its categories, brand and price?
// @read many
// @param after: ID!
// @param limit: Int!
// @return id: ID!
// @return name: String!
// @return department: String
// @return category: String
// @return type: String
// @return brand: String
// @return price: Float
MATCH (p:Product)
WHERE p.id > $after
WITH p ORDER BY p.id
WHERE p.merchandise AND p.active
RETURN p.id AS id, p.name AS name, p.department AS department, p.category AS category, p.type AS type, p.brand AS brand, p.price AS price
ORDER BY id
LIMIT $limit
