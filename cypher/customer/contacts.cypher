// The sealed contact details of these customers.
// @read many
// @param ids: [ID!]!
// @return id: ID!
// @return contactKey: String
// @return contactName: String
// @return contactEmail: String
// @return contactPhone: String
// @return emailIndex: String
// @return phoneIndex: String
UNWIND $ids AS id
MATCH (c:Customer {id: id})
RETURN c.id AS id, c.contactKey AS contactKey, c.contactName AS contactName, c.contactEmail AS contactEmail,
       c.contactPhone AS contactPhone, c.emailIndex AS emailIndex, c.phoneIndex AS phoneIndex
