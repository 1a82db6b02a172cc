/** Every place of an operation where a client may put a text of its own, and the operation with texts put there. */
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  print,
} from 'graphql'
import { EXCEPTIONS } from '../../src/auth/table.ts'
import type { Role } from '../../src/auth/viewer.ts'

export type Place = {
  path: string
  /** The same for the same field of the same filter, wherever that is used. */
  input: string
  /** Of the root field itself, not of one below it. */
  own: boolean
  /** In a list, so that one operation takes many. */
  listed: boolean
}
export type Root = {
  kind: 'query' | 'mutation' | 'subscription'
  field: GraphQLField<unknown, unknown>
  /** Who asks: what it may not read is not selected. */
  role: Role
}
export type Operation = { query: string; variables: Record<string, unknown> }
/** What stands at a place, in the item of a list. */
export type Texts = (path: string, item: number) => string

/** Optional by the schema, yet nothing is answered without one of them. */
export const NEEDED: Record<string, string[]> = {
  audience: ['audience.productId', 'audience.campaignId'],
  customersByContact: ['customersByContact.email', 'customersByContact.phone'],
  suppress: ['suppress.customerId', 'suppress.email', 'suppress.phone'],
  createCampaign: ['createCampaign.input.products', 'createCampaign.input.coupons'],
  updateCampaign: ['updateCampaign.input.products', 'updateCampaign.input.coupons'],
}
/** No text is the id of one, a URL, or (of contact details) an address. */
export const REFUSED =
  /\.(after|id|model|customerId|productIds?|email|phone|campaignId|segmentId|products|coupons|modelIds|webhookUrl)$/

type Input = { path: string; type: GraphQLInputType }
type Argument = Input & { required: boolean }
type Walk = {
  role: Role
  /** How an argument is written in the document; undefined: not at all. */
  write(argument: Argument): string | undefined
  /** Of a field with arguments below the root field. */
  enters(path: string): boolean
}

const isText = (type: GraphQLInputType) => ['ID', 'String'].includes(getNamedType(type).name)
function inputsOf({ path, type }: Input): Input[] {
  const named = getNamedType(type)
  if (!isInputObjectType(named)) return []
  return Object.values(named.getFields()).map((field) => ({ path: `${path}.${field.name}`, type: field.type }))
}

/**
 * All places below an argument. An input that holds inputs is gone through once; wherever it comes again (filters hold each other without
 * end) its first text stands for it.
 */
function placesBelow(
  at: Input,
  seen: Set<string>,
  listed = false,
  filter = { name: '', start: 0 },
): Omit<Place, 'own'>[] {
  const { path, type } = at
  const inList = listed || isListType(getNullableType(type))
  const { name } = getNamedType(type)
  const place = (found: string) => ({
    path: found,
    input: filter.name + found.slice(filter.start),
    listed: inList,
  })
  if (isText(type)) return [place(path)]
  const below = inputsOf(at)
  const nests = below.some((one) => inputsOf(one).length > 0)
  if (nests && seen.has(name)) return firstPath(at).map(place)
  if (nests) seen.add(name)
  const inner = nests ? { name, start: path.length } : filter
  return below.flatMap((one) => placesBelow(one, seen, inList, inner))
}

function firstPath(at: Input, above: readonly string[] = []): string[] {
  if (isText(at.type)) return [at.path]
  const { name } = getNamedType(at.type)
  if (above.includes(name)) return []
  for (const one of inputsOf(at)) {
    const found = firstPath(one, [...above, name])
    if (found.length > 0) return found
  }
  return []
}

/** The field with what is below it; no type twice on one path. */
function written(field: GraphQLField<unknown, unknown>, path: string, above: readonly string[], walk: Walk): string {
  const given = field.args.flatMap(({ name, type, defaultValue }) => {
    const required = isNonNullType(type) && defaultValue === undefined
    const text = walk.write({ path: `${path}.${name}`, type, required })
    return text === undefined ? [] : [`${name}: ${text}`]
  })
  const args = given.length > 0 ? `(${given.join(', ')})` : ''
  const type = getNamedType(field.type)
  return `${field.name}${args}${isObjectType(type) ? ` { __typename ${selected(type, path, [...above, type.name], walk)} }` : ''}`
}

function selected(type: GraphQLObjectType, path: string, above: readonly string[], walk: Walk): string {
  return Object.values(type.getFields())
    .filter(
      (field) =>
        EXCEPTIONS[`${type.name}.${field.name}`]?.includes(walk.role) !== false &&
        !above.includes(getNamedType(field.type).name) &&
        (field.args.length === 0 || walk.enters(`${path}.${field.name}`)),
    )
    .map((field) => written(field, `${path}.${field.name}`, above, walk))
    .join(' ')
}

export function placesOf({ field, role }: Root): Place[] {
  const seen = new Set<string>()
  const places: Place[] = []
  const write = (argument: Argument) => {
    const own = argument.path.split('.').length === 2
    places.push(...placesBelow(argument, seen).map((place) => ({ ...place, own })))
    return undefined
  }
  written(field, field.name, [], { role, write, enters: () => true })
  return places
}

/**
 * The operation with a text at each of these places, as variables or in the document itself. What else it needs is harmless.
 * @param width items of the outermost lists that lead to one of the places
 */
export function operationOf(
  { kind, field, role }: Root,
  paths: ReadonlySet<string>,
  texts: { at: Texts; harmless: (path: string) => string },
  form: 'variables' | 'literals',
  width = 1,
): Operation {
  const needed = prefixes(paths)

  function value(type: GraphQLInputType, path: string, item: number | null): unknown {
    if (isNonNullType(type)) return value(type.ofType, path, item)
    if (isListType(type)) {
      const items = item === null && needed.has(path) ? width : 1
      return Array.from({ length: items }, (_, at) => value(type.ofType, path, item ?? at))
    }
    if (isText(type)) return paths.has(path) ? texts.at(path, item ?? 0) : texts.harmless(path)
    if (isInputObjectType(type)) {
      const given = Object.values(type.getFields()).filter(
        (inner) =>
          needed.has(`${path}.${inner.name}`) || (isNonNullType(inner.type) && inner.defaultValue === undefined),
      )
      return Object.fromEntries(given.map((inner) => [inner.name, value(inner.type, `${path}.${inner.name}`, item)]))
    }
    if (isEnumType(type)) return type.getValues()[0]!.name
    const day = path.endsWith('.endsAt') ? '2024-01-02' : '2024-01-01'
    if (path.endsWith('.condition')) return { attribute: { name: 'age' } }
    return { Int: 1, Float: 1, Boolean: true, DateTime: `${day}T12:00:00.000Z` }[type.name] ?? {}
  }

  const variables: Record<string, unknown> = {}
  const declared: string[] = []
  const write = ({ path, type, required }: Argument) => {
    // Lists in lists in lists would cost too much.
    if (/\..*\.(limit|first)$/.test(path)) return '1'
    if (!needed.has(path) && !required) return undefined
    const given = value(type, path, null)
    if (form === 'literals') return literal(given, type)
    const name = `v${declared.length}`
    declared.push(`$${name}: ${type}`)
    variables[name] = given
    return `$${name}`
  }
  const body = written(field, field.name, [], { role, write, enters: (path) => needed.has(path) })
  const head = declared.length > 0 ? `${kind} (${declared.join(', ')})` : kind
  return { query: `${head} { ${body} }`, variables }
}

function prefixes(paths: ReadonlySet<string>): Set<string> {
  const all = new Set<string>()
  for (const path of paths) {
    for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) all.add(path.slice(0, end))
  }
  return all
}

function literal(given: unknown, type: GraphQLInputType): string {
  const named = getNamedType(type)
  if (Array.isArray(given)) return `[${given.map((item) => literal(item, named)).join(', ')}]`
  if (isInputObjectType(named)) {
    const fields = named.getFields()
    const parts = Object.entries(given as object).map(
      ([name, inner]) => `${name}: ${literal(inner, fields[name]!.type)}`,
    )
    return `{ ${parts.join(', ')} }`
  }
  if (isEnumType(named)) return String(given)
  return typeof given === 'string' ? print({ kind: Kind.STRING, value: given }) : JSON.stringify(given)
}
