import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { ROOTS } from './oracle.ts'

/** Operations made of a schema alone, whatever its fields are called. */

export type Asked = { name: string; query: string }
type Field = GraphQLField<unknown, unknown>

/** A value that is valid, and that names nothing that exists. */
function literal(type: GraphQLInputType, depth = 0): string {
  if (isNonNullType(type)) return literal(type.ofType, depth)
  if (isListType(type))
    return depth === 0 && !isInputObjectType(getNamedType(type)) ? `[${literal(type.ofType, 1)}]` : '[]'
  if (isEnumType(type)) return type.getValues()[0]!.name
  if (isInputObjectType(type)) {
    const needed = Object.values(type.getFields()).filter((field) => isNonNullType(field.type))
    return `{ ${needed.map(({ name, type }) => `${name}: ${literal(type, depth + 1)}`).join(', ')} }`
  }
  return (
    { Int: '1', Float: '1', Boolean: 'true', DateTime: '"2020-01-01T00:00:00Z"', JSON: '{}' }[type.name] ?? '"none"'
  )
}

const required = ({ type, defaultValue }: GraphQLArgument) => isNonNullType(type) && defaultValue === undefined

const argumentsOf = ({ args }: Field, extra: Record<string, string> = {}): string => {
  const given = args.filter(required).map(({ name, type }): [string, string] => [name, literal(type)])
  const all = Object.entries({ ...Object.fromEntries(given), ...extra })
  return all.length > 0 ? `(${all.map(([name, value]) => `${name}: ${value}`).join(', ')})` : ''
}

const selected = (field: Field, inner = '__typename') =>
  `${field.name}${argumentsOf(field)}${isObjectType(getNamedType(field.type)) ? ` { ${inner} }` : ''}`

const rootsOf = (schema: GraphQLSchema) =>
  ROOTS.flatMap((root) =>
    Object.values((schema.getType(root) as GraphQLObjectType).getFields()).map((field) => ({ root, field })),
  )
const operation = (root: string, inner: string) => `${root.toLowerCase()} { ${inner} }`

/**
 * For every field of every type, an operation that asks for it below each root field, by the shortest way there.
 * `name`: "Type.field"; `root`: the root field it goes through.
 */
export function everyField(schema: GraphQLSchema): (Asked & { root: string })[] {
  return rootsOf(schema).flatMap(({ root, field }) => {
    const found: (Asked & { root: string })[] = [
      { name: `${root}.${field.name}`, root: `${root}.${field.name}`, query: operation(root, selected(field)) },
    ]
    const seen = new Set<string>()
    const queue: { type: unknown; wrap: (inner: string) => string }[] = [
      { type: field.type, wrap: (inner) => selected(field, inner) },
    ]
    for (let next = queue.shift(); next; next = queue.shift()) {
      const type = getNamedType(next.type as never)
      if (!isObjectType(type) || seen.has(type.name)) continue
      seen.add(type.name)
      const { wrap } = next
      for (const below of Object.values(type.getFields())) {
        found.push({
          name: `${type.name}.${below.name}`,
          root: `${root}.${field.name}`,
          query: operation(root, wrap(selected(below))),
        })
        queue.push({ type: below.type, wrap: (inner) => wrap(selected(below, inner)) })
      }
    }
    return found
  })
}

/** For every entry of every filter and order of a root field, an operation that uses it. `name`: "ProductWhere.brand". */
export function everyFilter(schema: GraphQLSchema): (Asked & { root: string })[] {
  return rootsOf(schema).flatMap(({ root, field }) =>
    field.args
      .filter(({ name }) => name === 'where' || name === 'sort')
      .flatMap((arg) => {
        const input = getNamedType(arg.type)
        if (!isInputObjectType(input)) return []
        return Object.values(input.getFields()).map(({ name, type }) => {
          const one = `{ ${name}: ${literal(type)} }`
          const value = isListType(isNonNullType(arg.type) ? arg.type.ofType : arg.type) ? `[${one}]` : one
          const query = `${field.name}${argumentsOf(field, { [arg.name]: value })} { __typename }`
          return { name: `${input.name}.${name}`, root: `${root}.${field.name}`, query: operation(root, query) }
        })
      }),
  )
}
