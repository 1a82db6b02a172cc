import { filterSchema, pruneSchema } from '@graphql-tools/utils'
import type { GraphQLSchema } from 'graphql'
import { rolesOf } from './rules.ts'
import { EXCEPTIONS } from './table.ts'
import type { Role } from './viewer.ts'

/**
 * The schema as a role is told of it: the root fields it may use, and what they lead to. It keeps no secret (schema.graphql is
 * public) and guards nothing; it spares whoever explores what would be refused.
 */
export function visibleSchemas(schema: GraphQLSchema): (role: Role) => GraphQLSchema {
  const made = new Map<Role, GraphQLSchema>()
  const make = (role: Role) =>
    pruneSchema(
      filterSchema({
        schema,
        rootFieldFilter: (root, field) => rolesOf(`${root}.${field}`).includes(role),
        objectFieldFilter: (type, field) => EXCEPTIONS[`${type}.${field}`]?.includes(role) ?? true,
      }),
    )
  return (role) => {
    const visible = made.get(role) ?? make(role)
    made.set(role, visible)
    return visible
  }
}
