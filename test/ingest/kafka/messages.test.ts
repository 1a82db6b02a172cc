import { readFileSync } from 'node:fs'
import path from 'node:path'
import { buildSchema, type GraphQLInputObjectType, isEnumType, isListType, isNonNullType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { jsonSchemaOf, MESSAGES, TOPIC_NAMES } from '../../../src/ingest/kafka/messages.ts'
import { PROJECT_ROOT } from '../../../src/root.ts'

type Json = {
  properties: Record<string, Json>
  required: string[]
  type?: string | string[]
  enum?: string[]
  anyOf?: Json[]
  items?: Json
  default?: unknown
}

const schema = buildSchema(readFileSync(path.join(PROJECT_ROOT, 'schema.graphql'), 'utf8'))
const inputs = {
  orders: 'OrderInput',
  views: 'ViewInput',
  interactions: 'InteractionInput',
  products: 'ProductInput',
  customers: 'CustomerInput',
}
const TYPES: Record<string, string> = {
  ID: 'string',
  String: 'string',
  DateTime: 'string',
  Int: 'integer',
  Float: 'number',
  Boolean: 'boolean',
}

/** A field as GraphQL has it, in the words of JSON Schema. */
function fieldsOf(input: GraphQLInputObjectType): Record<string, object> {
  return Object.fromEntries(
    Object.values(input.getFields()).map(({ name, type, defaultValue }) => {
      const bare = isNonNullType(type) ? type.ofType : type
      const item = isListType(bare) ? (bare.ofType as { ofType: GraphQLInputObjectType }).ofType : null
      return [
        name,
        {
          required: isNonNullType(type) && defaultValue === undefined,
          nullable: !isNonNullType(type),
          default: defaultValue,
          type: item ? 'array' : isEnumType(bare) ? 'string' : TYPES[String(bare)],
          values: isEnumType(bare) ? bare.getValues().map((value) => value.name) : undefined,
          items: item ? fieldsOf(item) : undefined,
        },
      ]
    }),
  )
}

function propertiesOf({ properties, required }: Json): Record<string, object> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const alternatives = property.anyOf ?? [property]
      const types = alternatives.flatMap(({ type }) => type ?? [])
      const items = alternatives.find((one) => one.items)?.items
      return [
        name,
        {
          required: required.includes(name),
          nullable: types.includes('null'),
          default: property.default,
          type: types.find((type) => type !== 'null'),
          values: alternatives.find((one) => one.enum)?.enum,
          items: items ? propertiesOf(items) : undefined,
        },
      ]
    }),
  )
}

describe.each(TOPIC_NAMES)('The messages of %s', (topic) => {
  it('have the fields of the GraphQL input, no other, as optional and with the same defaults and values', () => {
    const input = schema.getType(inputs[topic]) as GraphQLInputObjectType
    expect(propertiesOf(jsonSchemaOf(topic) as unknown as Json)).toEqual(fieldsOf(input))
    expect(MESSAGES[topic].meta()?.title).toBe(inputs[topic])
  })

  it('are described by the JSON Schema that is published', () => {
    const file = path.join(PROJECT_ROOT, 'schema/events', `${topic}.schema.json`)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(jsonSchemaOf(topic))
  })
})
