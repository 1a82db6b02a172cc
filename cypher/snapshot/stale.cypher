// Of whom are the offers of this model not kept, or not as they are now? By id, after one of them.
// @read many
// @param slot: ID!
// @param model: ID!
// @param after: ID!
// @param first: Int!
// @return id: ID!
OPTIONAL MATCH (catalog:Lock {id: 'catalog'})
MATCH (c:Customer)
WHERE c.id > $after
  AND coalesce(CASE $slot WHEN 'A' THEN c.snapshotA ELSE c.snapshotB END, '') <> $model + ' ' + coalesce(catalog.change, '') + ' ' + coalesce(c.change, '')
RETURN c.id AS id
ORDER BY id
LIMIT $first
