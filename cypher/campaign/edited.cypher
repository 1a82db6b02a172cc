// Notes what the last edit of a campaign changed and where that leaves it. `renamed`: nothing but its name, so that an approval stays.
// @write one
// @param id: ID!
// @param by: String!
// @param status: String!
// @param renamed: Boolean!
// @param edit: JSON!
// @return id: ID!
MATCH (c:Campaign {id: $id})
SET c.status = $status, c.edit = $edit, c.editedAt = datetime.realtime(), c.editedBy = $by,
    c.changedBy = CASE WHEN $renamed THEN c.changedBy ELSE $by END,
    c.approvedBy = CASE WHEN $renamed THEN c.approvedBy END,
    c.approvedAt = CASE WHEN $renamed THEN c.approvedAt END
RETURN c.id AS id
