// Keeps a new segment.
// @write one
// @param id: ID!
// @param name: String!
// @param condition: JSON!
// @return id: ID!
CREATE (s:Segment {id: $id, name: $name, condition: $condition, createdAt: datetime.realtime(), updatedAt: datetime.realtime()})
RETURN s.id AS id
