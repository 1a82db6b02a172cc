import neo4j from 'neo4j-driver'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadSample } from '../../seeds/load.ts'
import { STATEMENTS } from '../../src/graph/query.ts'
import type { Shape } from '../../src/graph/statement.ts'
import { createTestGraph } from '../support/graph.ts'
import { testVault } from '../support/pii.ts'

/** Statements that read a whole label on purpose, and why. */
const SCANS: Readonly<Record<string, string>> = {
  'migrate/applied': 'a handful of migrations',
  'model/list': 'a handful of models',
  'model/serving': 'a handful of models: id or status decides',
  'recommendation/subject': 'a handful of models, as above',
  'verify/model': 'a handful of models, as above',
  'model/groups': 'every group there is',
  'model/data-until': 'the latest of all orders; the index answers it in order',
  'events/pending': 'what waits is all there is',
  'catalog/state': 'stops at the first',
  'audience/campaigns': 'a handful of campaigns',
  'snapshot/count': 'every customer there is',
  'snapshot/invalidate': 'two snapshots at most',
}

describe('Every statement, explained on a real database', () => {
  const test = createTestGraph()
  // Plans depend on what is there: the sample makes them those of real data.
  beforeAll(() => loadSample(test.graph, testVault).then(() => {}))

  it.each([...STATEMENTS.values()])(
    '$name: parameters, keys, access and plan agree with its header',
    async (statement) => {
      const session = test.driver.session()
      try {
        const params = Object.fromEntries(statement.params.map(({ name, shape }) => [name, sample(shape)]))
        const { summary, records } = await session.run(`EXPLAIN ${statement.text}`, params)
        expect(records).toEqual([])

        const reads = summary.queryType === 'r'
        expect(reads, `queryType ${summary.queryType}`).toBe(statement.access === 'read')

        const produced = (summary.plan as { identifiers: string[] }).identifiers
        const names = statement.returns.map(({ name }) => name)
        expect(lastColumns(statement.text).sort()).toEqual(names.sort())
        expect(produced).toEqual(expect.arrayContaining(names))

        const warnings = summary.gqlStatusObjects
          .filter(({ gqlStatus }) => !gqlStatus.startsWith('00') && !gqlStatus.startsWith('02'))
          // Labels a fresh graph has not seen yet.
          .filter(({ gqlStatus }) => !['01N50', '01N51', '01N52'].includes(gqlStatus))
        expect(warnings.map(({ statusDescription }) => statusDescription)).toEqual([])

        const operators = operatorsOf(summary.plan)
        const scans = operators.filter((operator) => /^(AllNodesScan|NodeByLabelScan)/.test(operator))
        if (!SCANS[statement.name]) expect(scans, 'reads a whole label').toEqual([])
      } finally {
        await session.close()
      }
    },
  )
})

function sample(shape: Shape): unknown {
  if (shape.kind === 'list') return [sample(shape.of)]
  if (shape.kind === 'object') return Object.fromEntries(shape.fields.map(({ name, shape }) => [name, sample(shape)]))
  switch (shape.scalar) {
    case 'Int':
      return neo4j.int(1)
    case 'Float':
      return 1.5
    case 'Boolean':
      return true
    case 'DateTime':
      return neo4j.types.DateTime.fromStandardDate(new Date(0))
    case 'Map':
      return {}
    default:
      return 'x'
  }
}

/** The columns of the last RETURN that is not inside a subquery. */
function lastColumns(text: string): string[] {
  const clause = text.slice(text.lastIndexOf('\nRETURN') + 1).replace(/^RETURN( DISTINCT)?/, '')
  const body = clause.split(/\n(?:ORDER BY|LIMIT)/)[0]!
  const columns: string[] = []
  let depth = 0
  let current = ''
  for (const char of body) {
    if ('([{'.includes(char)) depth++
    if (')]}'.includes(char)) depth--
    if (char === ',' && depth === 0) {
      columns.push(current)
      current = ''
    } else current += char
  }
  return [...columns, current].map((column) =>
    column
      .trim()
      .split(/\s+AS\s+/)
      .at(-1)!
      .trim(),
  )
}

type Plan = { operatorType: string; children: Plan[] }
const operatorsOf = (plan: unknown): string[] => {
  const { operatorType, children } = plan as Plan
  return [operatorType, ...children.flatMap(operatorsOf)]
}
