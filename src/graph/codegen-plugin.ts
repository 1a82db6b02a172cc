import path from 'node:path'
import { PROJECT_ROOT } from '../root.ts'
import { type Field, readStatements, type Scalar, type Shape } from './statement.ts'

/** For the code generator: `CypherQueries`, one entry per file of cypher/. */
export function plugin(): string {
  const statements = [...readStatements(path.join(PROJECT_ROOT, 'cypher')).values()]
  const entries = statements.map(
    ({ name, question, params, returns, cardinality }) =>
      `  /** ${question} */\n  '${name}': { params: ${type(params, true)}; record: ${type(returns, false)}; many: ${cardinality === 'many'} }`,
  )
  return `export type CypherQueries = {\n${entries.join('\n')}\n}\n`
}

function type(fields: readonly Field[], input: boolean): string {
  if (fields.length === 0) return 'Record<string, never>'
  const parts = fields.map(
    ({ name, shape }) => `${name}${input && !shape.required ? '?' : ''}: ${shapeType(shape, input)}`,
  )
  return `{ ${parts.join('; ')} }`
}

function shapeType(shape: Shape, input: boolean): string {
  const bare =
    shape.kind === 'list'
      ? `Array<${shapeType(shape.of, input)}>`
      : shape.kind === 'object'
        ? type(shape.fields, input)
        : scalarType(shape.scalar, input)
  return shape.required ? bare : `${bare} | null`
}

function scalarType(scalar: Scalar, input: boolean): string {
  switch (scalar) {
    case 'ID':
    case 'String':
      return 'string'
    case 'Int':
    case 'Float':
      return 'number'
    case 'Boolean':
      return 'boolean'
    case 'DateTime':
      return input ? 'Date | string' : 'string'
    case 'JSON':
      return 'unknown'
    case 'Map':
      return 'Record<string, string | number | boolean>'
  }
}
