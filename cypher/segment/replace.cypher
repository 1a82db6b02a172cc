// Gives a segment another name and condition. No row: there is no such segment.
// @write one
// @param id: ID!
// @param name: String!
// @param condition: JSON!
// @return id: ID!
MATCH (s:Segment {id: $id})
SET s.name = $name, s.condition = $condition, s.updatedAt = datetime.realtime()
RETURN s.id AS id
