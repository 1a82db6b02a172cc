import {
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isIntrospectionType,
  isObjectType,
} from 'graphql'
import { rule, shield } from 'graphql-shield'
import type { Context } from '../context.ts'
import { DomainError } from '../errors.ts'
import { refusal, rolesOf, rootRefusal } from './rules.ts'
import { EXCEPTIONS, ROOTS } from './table.ts'
import { ROLES, type Role } from './viewer.ts'

/** This type and those it leads a role to. Helper types (connections, edges) come along. */
export function reachedFrom(type: GraphQLObjectType, role: Role, reached = new Set<string>()): Set<string> {
  if (reached.has(type.name)) return reached
  reached.add(type.name)
  for (const field of Object.values(type.getFields())) {
    const excepted = EXCEPTIONS[`${type.name}.${field.name}`]
    const next = getNamedType(field.type)
    if (isObjectType(next) && (!excepted || excepted.includes(role))) reachedFrom(next, role, reached)
  }
  return reached
}

/** Which roles may read each type: those with a root field that leads to it. */
export function readersOf(schema: GraphQLSchema): Map<string, Set<Role>> {
  const readers = new Map<string, Set<Role>>()
  for (const role of ROLES) {
    const reached = new Set<string>()
    for (const root of ROOTS) {
      for (const field of Object.values((schema.getType(root) as GraphQLObjectType | undefined)?.getFields() ?? {})) {
        const type = getNamedType(field.type)
        if (isObjectType(type) && rolesOf(`${root}.${field.name}`).includes(role)) reachedFrom(type, role, reached)
      }
    }
    for (const name of reached) readers.set(name, (readers.get(name) ?? new Set()).add(role))
  }
  return readers
}

/**
 * A rule for every way into every type, deny by default: root fields by the table, fields that lead from type to type by the
 * readers of their type. A leaf needs no rule of its own (its object was only reached through a guarded field) unless it is an
 * exception; a wrapped leaf costs more than its value.
 */
export function rulesOf(schema: GraphQLSchema): Rules {
  const readers = readersOf(schema)
  const tree: Rules = {}
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue
    const rules: Rules[string] = {}
    for (const field of Object.values(type.getFields())) {
      const name = `${type.name}.${field.name}`
      if (ROOTS.includes(type.name)) rules[field.name] = rootRule(name)
      else if (EXCEPTIONS[name]) rules[field.name] = roleRule(name, EXCEPTIONS[name])
      else if (isCompositeType(getNamedType(field.type)))
        rules[field.name] = roleRule(name, [...(readers.get(type.name) ?? [])])
    }
    if (Object.keys(rules).length > 0) tree[type.name] = rules
  }
  return tree
}

export const createPermissions = (rules: Rules) =>
  shield(rules, { allowExternalErrors: true, fallbackError: new DomainError('FORBIDDEN', 'Not allowed.') })

/** By type and field. */
export type Rules = Record<string, Record<string, ReturnType<typeof roleRule>>>

// `no_cache`: a verdict is never remembered on a context, so nothing outlives the token or leaks between arguments.
const roleRule = (name: string, roles: readonly Role[]) =>
  rule(`reads ${name}`, { cache: 'no_cache' })(
    (_parent, _args, context: Context) => refusal(context, roles, name) ?? true,
  )

const rootRule = (name: string) =>
  rule(`uses ${name}`, { cache: 'no_cache' })(
    (_parent, args, context: Context) => rootRefusal(name, args, context) ?? true,
  )
