// Takes these products for this transaction, in the order given, creates what is not known yet, and tells what is known of each.
// @write many
// @param ids: [ID!]!
// @return id: ID!
// @return isNew: Boolean!
// @return name: String
// @return brand: String
// @return department: String
// @return category: String
// @return type: String
// @return packageSize: String
// @return manufacturerId: ID
// @return price: Float
// @return margin: Float
// @return active: Boolean
UNWIND $ids AS id
MERGE (p:Product {id: id})
ON CREATE SET p.isNew = true
WITH p, p.isNew IS NOT NULL AS isNew
// A write takes the lock before anything is read. (Removing a property that no node ever had takes none.)
SET p.isNew = null, p.lock = true
RETURN p.id AS id, isNew, p.name AS name, p.brand AS brand, p.department AS department, p.category AS category,
       p.type AS type, p.packageSize AS packageSize, p.manufacturerId AS manufacturerId, p.price AS price,
       p.margin AS margin, p.active AS active
