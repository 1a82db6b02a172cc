import {
  type ASTNode,
  type FieldNode,
  type FragmentSpreadNode,
  type GraphQLInputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  type SelectionNode,
  TypeInfo,
  valueFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { badInput } from './errors.ts'
import { checkRange } from './input.ts'

const CURSOR = /^arrayconnection:\d{1,15}$/
const MAX_INT = 2 ** 31 - 1

/**
 * Refuses arguments of the generated reads, wherever they stand below a root field, that would otherwise fail in the database or
 * be passed over in silence. More than `@limit` allows is cut to it, as its directive says.
 */
export function guardReads(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    const { resolve } = field
    if (!resolve) continue
    field.resolve = (parent, args, context, info) => {
      checkReads(info)
      return resolve(parent, args, context, withoutEmpty(info))
    }
  }
  return schema
}

/** @throws BAD_USER_INPUT that names the argument. */
export function checkReads({ schema, parentType, fieldNodes, fragments, variableValues }: GraphQLResolveInfo): void {
  const seen = new Set<string>()
  const check = (node: ASTNode, typeInfo: TypeInfo): void => {
    const checkField = (field: FieldNode) => {
      const { args } = typeInfo.getFieldDef() ?? { args: [] }
      if (!args.some(({ name }) => name === 'sort')) return
      for (const { name, value } of field.arguments ?? []) {
        const type = args.find((arg) => arg.name === name.value)?.type
        if (type) checkArgument(name.value, valueFromAST(value, type, variableValues), type)
      }
    }
    const follow = ({ name: { value } }: FragmentSpreadNode) => {
      const fragment = fragments[value]
      if (!fragment || seen.has(value)) return
      seen.add(value)
      check(fragment, new TypeInfo(schema))
    }
    visit(node, visitWithTypeInfo(typeInfo, { [Kind.FIELD]: checkField, [Kind.FRAGMENT_SPREAD]: follow }))
  }
  for (const node of fieldNodes) check(node, new TypeInfo(schema, parentType))
}

/** @neo4j/graphql writes no valid Cypher for a node of a connection of which `__typename` is all that is asked: a leaf is read with it. */
function withoutEmpty(info: GraphQLResolveInfo): GraphQLResolveInfo {
  const { schema, parentType, fieldNodes, fragments } = info
  const filled = <Node extends ASTNode>(node: Node, typeInfo: TypeInfo): Node =>
    visit(
      node,
      visitWithTypeInfo(typeInfo, {
        [Kind.SELECTION_SET]: ({ selections, ...set }) => {
          const type = typeInfo.getParentType()
          if (!isObjectType(type) || !selections.every(isTypename)) return undefined
          const leaf = Object.values(type.getFields()).find((field) => isLeafType(getNullableType(field.type)))
          return leaf && { ...set, selections: [...selections, asLeaf(leaf.name)] }
        },
      }),
    )
  return {
    ...info,
    fieldNodes: fieldNodes.map((node) => filled(node, new TypeInfo(schema, parentType))),
    fragments: Object.fromEntries(
      Object.entries(fragments).map(([name, fragment]) => [name, filled(fragment, new TypeInfo(schema))]),
    ),
  }
}

const isTypename = (node: SelectionNode) => node.kind === Kind.FIELD && node.name.value === '__typename'
const named = (value: string) => ({ kind: Kind.NAME, value }) as const
const asLeaf = (name: string): FieldNode => ({ kind: Kind.FIELD, name: named(name), alias: named('__leaf') })

function checkArgument(name: string, value: unknown, type: GraphQLInputType): void {
  if (value === undefined || value === null) return
  if (name === 'limit' || name === 'first') checkRange(name, value as number, 1, MAX_INT)
  else if (name === 'offset') checkRange(name, value as number, 0, MAX_INT)
  else if (name === 'after' && !CURSOR.test(Buffer.from(String(value), 'base64').toString()))
    throw badInput(name, 'after must be a cursor of this list.')
  else if (name === 'where') checkNulls(name, value, type)
}

/** `{ brand: { eq: null } }` asks for products without one; `{ brand: null }` asks for nothing at all. */
function checkNulls(path: string, value: unknown, type: GraphQLInputType): void {
  const named = getNamedType(type)
  if (!isInputObjectType(named)) return
  if (value === null) throw badInput(path, `${path} must not be null: leave it out instead.`)
  if (isListType(getNullableType(type))) {
    for (const item of Array.isArray(value) ? value : [value]) checkNulls(path, item, named)
    return
  }
  const fields = named.getFields()
  for (const [name, inner] of Object.entries(value as object)) {
    if (fields[name]) checkNulls(`${path}.${name}`, inner, fields[name].type)
  }
}
