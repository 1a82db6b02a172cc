import { type GraphQLSchema, getNamedType, isEnumType, isInputObjectType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { STATEMENTS } from '../../src/graph/query.ts'
import { createBareSchema } from '../../src/schema.ts'

const schema: GraphQLSchema = await createBareSchema()

/** Labels, types and properties by a computed name, and an order that a parameter has a say in. */
const COMPUTED = /\$\s*(all|any)?\s*\(|\bSET\b[^\n]*\w\[[^\]]+\]\s*=|\bORDER BY\b[^\n]*(\$|\[)/i

describe('Labels, types, properties and orderings', () => {
  it.each([...STATEMENTS.values()])('are written out in $name', ({ text }) => {
    expect(text.replace(/\/\/.*$/gm, '')).not.toMatch(COMPUTED)
  })

  it.each([
    'MATCH (n:$($label)) RETURN n',
    'CREATE (a)-[:$any($types)]->(b)',
    'MATCH (n) SET n[$name] = 1',
    'MATCH (n) RETURN n ORDER BY n[$by]',
  ])('would be noticed when computed: %s', (text) => {
    expect(text).toMatch(COMPUTED)
  })

  it('come from enums where a client chooses the order of a generated read', () => {
    const sorts = Object.values(schema.getTypeMap()).filter(({ name }) => /Sort$/.test(name))
    expect(sorts.length).toBeGreaterThan(5)
    for (const sort of sorts.filter(isInputObjectType)) {
      for (const field of Object.values(sort.getFields())) {
        const type = getNamedType(field.type)
        expect(isEnumType(type) || /Sort$/.test(type.name), `${sort.name}.${field.name}`).toBe(true)
      }
    }
  })
})
