// What are the conditions of these segments?
// @read many
// @param ids: [ID!]!
// @return id: ID!
// @return condition: JSON!
UNWIND $ids AS id
MATCH (s:Segment {id: id})
RETURN s.id AS id, s.condition AS condition
