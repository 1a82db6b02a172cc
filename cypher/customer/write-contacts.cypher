// Writes the contact details of customers, sealed.
// @write one
// @param customers: [{ id: ID!, contactKey: String, contactName: String, contactEmail: String, contactPhone: String, emailIndex: String, phoneIndex: String }!]!
// @return written: Int!
UNWIND $customers AS row
MATCH (c:Customer {id: row.id})
SET c.contactKey = row.contactKey, c.contactName = row.contactName, c.contactEmail = row.contactEmail,
    c.contactPhone = row.contactPhone, c.emailIndex = row.emailIndex, c.phoneIndex = row.phoneIndex
RETURN count(*) AS written
