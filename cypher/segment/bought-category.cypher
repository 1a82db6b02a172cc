// Who bought something of a department, a category or a type in a period?
// @read one
// @param categoryId: ID!
// @param from: DateTime!
// @param to: DateTime!
// @return ids: [ID!]!
MATCH (:Category {id: $categoryId})<-[:PARENT*0..2]-(:Category)<-[:IN_CATEGORY]-(p:Product)
WITH DISTINCT p
MATCH (p)<-[b:BOUGHT]-(c:Customer)
WHERE b.lastAt >= $from AND b.firstAt < $to
  // Only where the period lies between the first and the last time do the orders themselves have to tell.
  AND (b.lastAt < $to OR b.firstAt >= $from OR EXISTS {
    MATCH (c)-[:PLACED]->(o:Order)-[r:CONTAINS]->(p)
    WHERE o.placedAt >= $from AND o.placedAt < $to AND r.quantity > 0 AND r.value > 0
  })
WITH DISTINCT c
RETURN collect(c.id) AS ids
