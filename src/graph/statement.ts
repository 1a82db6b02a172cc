/**
 * A `.cypher` file is the truth about a statement; its header comment is its signature, in GraphQL's own type notation:
 *
 *     // The question it answers.
 *     // @read many | @read one | @write many | @write one
 *     // @auto                       only for statements that manage their own transactions
 *     // @param name: [{ id: ID!, at: DateTime }!]!
 *     // @return name: Type
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const SCALARS = ['ID', 'String', 'Int', 'Float', 'Boolean', 'DateTime', 'JSON', 'Map'] as const
export type Scalar = (typeof SCALARS)[number]

export type Shape = (
  | { kind: 'scalar'; scalar: Scalar }
  | { kind: 'list'; of: Shape }
  | { kind: 'object'; fields: readonly Field[] }
) & { required: boolean }
export type Field = { name: string; shape: Shape }

export type Statement = {
  name: string
  question: string
  access: 'read' | 'write'
  cardinality: 'one' | 'many'
  auto: boolean
  params: readonly Field[]
  returns: readonly Field[]
  text: string
}

export function parseStatement(name: string, source: string): Statement {
  const fail = (line: number, message: string) => new Error(`cypher/${name}.cypher:${line + 1}: ${message}`)
  const lines = source.split('\n')
  const headerLength = lines.findIndex((line) => !line.startsWith('//'))
  const header = lines.slice(0, headerLength === -1 ? lines.length : headerLength)
  const question: string[] = []
  const params: Field[] = []
  const returns: Field[] = []
  let mode: Pick<Statement, 'access' | 'cardinality'> | undefined
  let auto = false

  for (const [index, line] of header.entries()) {
    const text = line.slice(2).trim()
    const tag = /^@(\w+)\s*(.*)$/.exec(text)
    if (!tag) {
      question.push(text)
      continue
    }
    const [, keyword, rest = ''] = tag
    if (keyword === 'auto') auto = true
    else if (keyword === 'read' || keyword === 'write') {
      if (rest !== 'one' && rest !== 'many') throw fail(index, `@${keyword} takes "one" or "many", not "${rest}"`)
      mode = { access: keyword, cardinality: rest }
    } else if (keyword === 'param' || keyword === 'return') {
      try {
        const fields = new FieldReader(rest).all()
        if (fields.length !== 1) throw new Error('one field a line')
        ;(keyword === 'param' ? params : returns).push(fields[0]!)
      } catch (error) {
        throw fail(index, `@${keyword} ${rest}: ${(error as Error).message}`)
      }
    } else throw fail(index, `unknown tag @${keyword}`)
  }
  if (!mode) throw fail(0, 'the header names neither @read nor @write')

  const text = lines.slice(header.length).join('\n').trim()
  const used = new Set([...text.matchAll(/\$(\w+)/g)].map((match) => match[1]!))
  const declared = new Set(params.map((field) => field.name))
  for (const param of used) if (!declared.has(param)) throw fail(0, `$${param} is used but has no @param`)
  for (const param of declared) if (!used.has(param)) throw fail(0, `@param ${param} is never used`)
  return { name, question: question.join(' '), ...mode, auto, params, returns, text }
}

/** Reads `name: Type, name: Type`, recursively for `{ … }` and `[ … ]`. */
class FieldReader {
  private readonly tokens: string[]
  private at = 0
  constructor(source: string) {
    this.tokens = source.match(/\w+|[[\]{}!:,]|\S/g) ?? []
  }

  all(end?: string): Field[] {
    const fields: Field[] = []
    while (this.at < this.tokens.length && this.tokens[this.at] !== end) {
      const name = this.next()
      if (!/^\w+$/.test(name)) throw new Error(`expected a name, found "${name}"`)
      this.expect(':')
      fields.push({ name, shape: this.shape() })
      if (this.tokens[this.at] === ',') this.at++
    }
    return fields
  }

  private shape(): Shape {
    const token = this.next()
    if (token === '[') {
      const of = this.shape()
      this.expect(']')
      return { kind: 'list', of, required: this.bang() }
    }
    if (token === '{') {
      const fields = this.all('}')
      this.expect('}')
      return { kind: 'object', fields, required: this.bang() }
    }
    const scalar = SCALARS.find((known) => known === token)
    if (!scalar) throw new Error(`unknown type "${token}" (one of ${SCALARS.join(', ')})`)
    return { kind: 'scalar', scalar, required: this.bang() }
  }

  private next(): string {
    const token = this.tokens[this.at++]
    if (token === undefined) throw new Error('ends too early')
    return token
  }

  private expect(wanted: string): void {
    const token = this.next()
    if (token !== wanted) throw new Error(`expected "${wanted}", found "${token}"`)
  }

  private bang(): boolean {
    if (this.tokens[this.at] !== '!') return false
    this.at++
    return true
  }
}

/** Every statement below `folder` by name ("recommendation/cross-sell"); migrations are not statements. */
export function readStatements(folder: string): Map<string, Statement> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const names = files
    .filter((file) => file.endsWith('.cypher'))
    .map((file) => file.slice(0, -'.cypher'.length).split(path.sep).join('/'))
    .filter((name) => !name.startsWith('migrations/'))
    .sort()
  return new Map(
    names.map((name) => [name, parseStatement(name, readFileSync(path.join(folder, `${name}.cypher`), 'utf8'))]),
  )
}
