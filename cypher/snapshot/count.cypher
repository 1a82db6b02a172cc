// How many customers are there, and of how many are the offers of this model not kept, or not as they are now?
// @read one
// @param slot: ID!
// @param model: ID!
// @return customers: Int!
// @return stale: Int!
OPTIONAL MATCH (catalog:Lock {id: 'catalog'})
MATCH (c:Customer)
RETURN count(c) AS customers,
       count(CASE WHEN coalesce(CASE $slot WHEN 'A' THEN c.snapshotA ELSE c.snapshotB END, '') <> $model + ' ' + coalesce(catalog.change, '') + ' ' + coalesce(c.change, '') THEN 1 END) AS stale
