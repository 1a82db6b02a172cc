// Takes these customers for this transaction, in the order given, creates who is not known yet, and tells what is known of each.
// @write many
// @param ids: [ID!]!
// @return id: ID!
// @return isNew: Boolean!
// @return age: String
// @return income: String
// @return householdSize: String
// @return language: String
// @return timeZone: String
// @return contactKey: String
// @return contactName: String
// @return contactEmail: String
// @return contactPhone: String
// @return emailIndex: String
// @return phoneIndex: String
UNWIND $ids AS id
MERGE (c:Customer {id: id})
ON CREATE SET c.isNew = true
WITH c, c.isNew IS NOT NULL AS isNew
// A write takes the lock before anything is read. (Removing a property that no node ever had takes none.)
SET c.isNew = null, c.lock = true
RETURN c.id AS id, isNew, c.age AS age, c.income AS income, c.householdSize AS householdSize, c.language AS language,
       c.timeZone AS timeZone, c.contactKey AS contactKey, c.contactName AS contactName, c.contactEmail AS contactEmail,
       c.contactPhone AS contactPhone, c.emailIndex AS emailIndex, c.phoneIndex AS phoneIndex
