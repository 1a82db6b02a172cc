// Up to which number has anything been told, and up to which is it no longer kept?
// @read one
// @return last: Int!
// @return forgotten: Int!
OPTIONAL MATCH (told:Lock {id: 'told'})
RETURN coalesce(told.last, 0) AS last, coalesce(told.forgotten, 0) AS forgotten
