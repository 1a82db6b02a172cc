// Is there anything to recommend from, and a model that does?
// @read one
// @return orders: Boolean!
// @return activeModels: Int!
RETURN EXISTS { (:Order) } AS orders, COUNT { (:Model {status: 'ACTIVE'}) } AS activeModels
