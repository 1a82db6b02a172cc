// Takes a campaign that is locked to another status.
// @write one
// @param id: ID!
// @param status: String!
// @return id: ID!
MATCH (c:Campaign {id: $id})
SET c.status = $status, c.updatedAt = datetime.realtime(),
    c.launchedAt = CASE WHEN $status = 'RUNNING' THEN coalesce(c.launchedAt, datetime.realtime()) ELSE c.launchedAt END,
    c.completedAt = CASE WHEN $status = 'COMPLETED' THEN datetime.realtime() END
RETURN c.id AS id
