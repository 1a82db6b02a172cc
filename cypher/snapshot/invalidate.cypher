// What is known of products has changed: offers kept until now are computed anew.
// @write one
// @param change: ID!
// @return change: ID!
MERGE (l:Lock {id: 'catalog'})
SET l.change = $change
RETURN l.change AS change
