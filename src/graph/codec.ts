import neo4j, { isDateTime, isInt } from 'neo4j-driver'
import type { Field, Scalar, Shape } from './statement.ts'

/** Parameters as the driver wants them: Int as a Neo4j integer, DateTime as a zoned UTC instant. */
export function encodeParams(statement: string, fields: readonly Field[], values: Readonly<Record<string, unknown>>) {
  for (const name of Object.keys(values)) {
    if (!fields.some((field) => field.name === name)) throw new TypeError(`${statement}: unknown parameter ${name}`)
  }
  return Object.fromEntries(
    fields.map((field) => [field.name, encode(values[field.name], field.shape, `${statement}($${field.name})`)]),
  )
}

function encode(value: unknown, shape: Shape, where: string): unknown {
  if (value === undefined || value === null) {
    if (shape.required) throw new TypeError(`${where} is required`)
    return null
  }
  switch (shape.kind) {
    case 'list':
      if (!Array.isArray(value)) throw new TypeError(`${where} must be a list`)
      return value.map((item) => encode(item, shape.of, where))
    case 'object':
      return Object.fromEntries(
        shape.fields.map(({ name, shape }) => [
          name,
          encode((value as Record<string, unknown>)[name], shape, `${where}.${name}`),
        ]),
      )
    case 'scalar':
      return encodeScalar(value, shape.scalar, where)
  }
}

function encodeScalar(value: unknown, scalar: Scalar, where: string): unknown {
  switch (scalar) {
    case 'Int':
      if (!Number.isSafeInteger(value)) throw new TypeError(`${where} must be a whole number`)
      return neo4j.int(value as number)
    case 'DateTime': {
      const date = value instanceof Date ? value : new Date(String(value))
      if (Number.isNaN(date.getTime())) throw new TypeError(`${where} must be a date`)
      return neo4j.types.DateTime.fromStandardDate(date)
    }
    case 'JSON':
      return JSON.stringify(value)
    default:
      return value
  }
}

type Decode = (value: unknown) => unknown
type Read = (name: string) => unknown

/**
 * Makes plain values of a statement's records: numbers, ISO strings for instants, nulls only where the signature allows them.
 * Made once a statement: it runs for every value of every row.
 */
export function decoderOf(statement: string, fields: readonly Field[]): (read: Read) => Record<string, unknown> {
  return decoderOfFields(fields, (name) => `${statement} -> ${name}`)
}

function decoderOfFields(fields: readonly Field[], whereOf: (name: string) => string) {
  const decoders = fields.map(({ name, shape }) => ({ name, decode: decoderOfShape(shape, whereOf(name)) }))
  return (read: Read) => {
    const row: Record<string, unknown> = {}
    for (const { name, decode } of decoders) row[name] = decode(read(name))
    return row
  }
}

function decoderOfShape(shape: Shape, where: string): Decode {
  const decode = decoderOfPresent(shape, where)
  return (value) => {
    if (value !== undefined && value !== null) return decode(value)
    if (shape.required) throw new TypeError(`${where} came back null though its signature says it never is`)
    return null
  }
}

function decoderOfPresent(shape: Shape, where: string): Decode {
  switch (shape.kind) {
    case 'list': {
      const decode = decoderOfShape(shape.of, where)
      return (value) => (value as unknown[]).map((item) => decode(item))
    }
    case 'object': {
      const decode = decoderOfFields(shape.fields, (name) => `${where}.${name}`)
      return (value) => decode((name) => (value as Record<string, unknown>)[name])
    }
    case 'scalar':
      return shape.scalar === 'JSON' ? decodeJson : decodeScalar
  }
}

const decodeJson: Decode = (value) => (typeof value === 'string' ? JSON.parse(value) : value)

const decodeScalar: Decode = (value) => {
  if (typeof value !== 'object') return value
  if (isInt(value)) return value.toNumber()
  if (isDateTime(value)) return value.toStandardDate().toISOString()
  return value
}
