// What is known of these products, and how does a model see each by itself?
// @read many
// @param productIds: [ID!]!
// @param model: ID!
// @return id: ID!
// @return name: String!
// @return merchandise: Boolean!
// @return active: Boolean!
// @return brand: String
// @return price: Float
// @return department: String
// @return category: String
// @return type: String
// @return trend: Float
UNWIND $productIds AS productId
MATCH (p:Product {id: productId})
OPTIONAL MATCH (p)<-[m:MEASURED]-(:Model {id: $model})
RETURN p.id AS id, p.name AS name, p.merchandise AS merchandise, p.active AS active, p.brand AS brand, p.price AS price,
       p.department AS department, p.category AS category, p.type AS type, m.trend AS trend
