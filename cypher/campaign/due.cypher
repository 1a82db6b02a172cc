// Which campaigns are to start now, and which are over? By the database's clock. `approval`: only approved ones start.
// @read many
// @param approval: Boolean!
// @return id: ID!
// @return status: String!
CALL () {
  MATCH (c:Campaign)
  WHERE c.status = 'SCHEDULED' AND c.startsAt <= datetime.realtime() AND (c.approvedBy IS NOT NULL OR NOT $approval)
  RETURN c, 'RUNNING' AS next
  UNION ALL
  MATCH (c:Campaign)
  WHERE c.status IN ['RUNNING', 'PAUSED'] AND c.endsAt <= datetime.realtime()
  RETURN c, 'COMPLETED' AS next
}
RETURN c.id AS id, next AS status
ORDER BY id
