// Writes in how many stores a product was promoted, week by week.
// @write one
// @param rows: [{ week: Int!, productId: ID!, stores: Int!, display: Int!, mailer: Int! }!]!
// @return written: Int!
UNWIND $rows AS row
MATCH (p:Product {id: row.productId})
MERGE (w:Week {id: row.week})
MERGE (p)-[r:PROMOTED_IN]->(w)
SET r.stores = row.stores, r.display = row.display, r.mailer = row.mailer
RETURN count(r) AS written
