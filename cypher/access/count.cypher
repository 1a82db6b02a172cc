// Adds these uses to those counted before.
// @write one
// @param uses: [{ id: ID!, role: String!, field: String!, day: String!, count: Int!, denied: Int! }!]!
// @return counted: Int!
UNWIND $uses AS use
MERGE (u:FieldUse {id: use.id})
ON CREATE SET u.role = use.role, u.field = use.field, u.day = date(use.day), u.count = 0, u.denied = 0
SET u.count = u.count + use.count, u.denied = u.denied + use.denied
RETURN count(*) AS counted
