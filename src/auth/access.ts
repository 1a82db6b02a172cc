import { type GraphQLInputType, type GraphQLSchema, getNamedType, isInputObjectType, isObjectType } from 'graphql'
import type { Context } from '../context.ts'
import type { DomainError } from '../errors.ts'
import type { Selected } from '../operations/selection.ts'
import { readersOf } from './permissions.ts'
import { refusal, rootRefusal } from './rules.ts'
import { EXCEPTIONS, ROOTS } from './table.ts'
import type { Role } from './viewer.ts'

export type Asking = Pick<Context, 'viewer' | 'identity'>

/** Null when the viewer may have all of it. */
export type Access = (selected: readonly Selected[], asking: Asking) => DomainError | null

/**
 * Decides on an operation as a whole before anything of it runs, deny by default: every field, leaves too, and every field that a
 * filter or an order looks at. graphql-shield holds the same table again while it runs.
 */
export function createAccess(schema: GraphQLSchema): Access {
  const readers = new Map([...readersOf(schema)].map(([type, roles]) => [type, [...roles]]))
  const rolesFor = (name: string, type: string): readonly Role[] => EXCEPTIONS[name] ?? readers.get(type) ?? []

  function ofField({ parent, field, args, inner }: Selected, asking: Asking): DomainError | null {
    const name = `${parent}.${field.name}`
    const refused = ROOTS.includes(parent)
      ? rootRefusal(name, args, asking)
      : refusal(asking, rolesFor(name, parent), name)
    if (refused) return refused
    for (const { name, type } of field.args) {
      const hidden = ofInput(type, args[name], asking)
      if (hidden) return hidden
    }
    return ofAll(inner, asking)
  }

  /** `ProductWhere.margin` tells of `Product.margin`, `OrderWhere.customer` of Customer. */
  function ofInput(type: GraphQLInputType, value: unknown, asking: Asking): DomainError | null {
    const input = getNamedType(type)
    if (!isInputObjectType(input) || value === null || typeof value !== 'object') return null
    if (Array.isArray(value)) return firstOf(value, (item) => ofInput(input, item, asking))
    const node = schema.getType(input.name.replace(LOOKS_AT, ''))
    return firstOf(Object.entries(value), ([key, inner]) => {
      const field = isObjectType(node) && LOOKS_AT.test(input.name) ? node.getFields()[key] : undefined
      if (field) {
        const name = `${node!.name}.${key}`
        const leadsTo = getNamedType(field.type)
        const refused =
          refusal(asking, rolesFor(name, node!.name), name) ??
          (isObjectType(leadsTo) ? refusal(asking, rolesFor(leadsTo.name, leadsTo.name), name) : null)
        if (refused) return refused
      }
      const inputField = input.getFields()[key]
      return inputField ? ofInput(inputField.type, inner, asking) : null
    })
  }

  const ofAll: Access = (selected, asking) => firstOf(selected, (one) => ofField(one, asking))
  return ofAll
}

/** The inputs that @neo4j/graphql makes of a node, or of a relationship's properties. */
const LOOKS_AT = /(?:Where|Sort)$/

function firstOf<T>(items: Iterable<T>, of: (item: T) => DomainError | null): DomainError | null {
  for (const item of items) {
    const found = of(item)
    if (found) return found
  }
  return null
}
