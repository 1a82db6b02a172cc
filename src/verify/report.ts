import { type Check, differs } from './compare.ts'

type Line = { what: string; checked: number; different: number; largest: number }

export type Report = {
  model: string
  asOf: string
  customers: number
  /** False: the orders have changed since the model learned from them. */
  ordersKnown: boolean
  lines: Line[]
  different: number
  /** The first of them. */
  differences: Check[]
}

const LISTED = 20

export function createTally() {
  const lines = new Map<string, Line>()
  const differences: Check[] = []
  let different = 0
  return {
    add(checks: readonly Check[]): void {
      for (const one of checks) {
        const line = lines.get(one.what) ?? { what: one.what, checked: 0, different: 0, largest: 0 }
        lines.set(one.what, line)
        line.checked++
        line.largest = Math.max(line.largest, one.relative)
        if (!differs(one)) continue
        line.different++
        different++
        if (differences.length < LISTED) differences.push(one)
      }
    },
    done: (): Pick<Report, 'lines' | 'different' | 'differences'> => ({
      lines: [...lines.values()].sort((a, b) => (a.what < b.what ? -1 : 1)),
      different,
      differences,
    }),
  }
}

/** For people: a line for each kind and rule, then the first differences. */
export function toText({ model, asOf, customers, ordersKnown, lines, different, differences }: Report): string {
  const rows = [
    ['', 'checked', 'different', 'largest relative difference'],
    ...lines.map(({ what, checked, different, largest }) => [
      what,
      checked.toLocaleString('en'),
      different.toLocaleString('en'),
      largest.toExponential(1),
    ]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const table = rows.map((row) =>
    row.map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!))).join('  '),
  )
  const listed = differences.map(
    ({ asked, productId, what, served, recounted, relative }) =>
      `${asked.what}: customer ${asked.customerId}, product ${productId}, ${what}: answered ${served}, counted again ${recounted} (${relative.toExponential(1)})`,
  )
  const first = different > listed.length ? ` The first ${listed.length}:` : ''
  return [
    `Model ${model}, as of ${asOf}: ${customers} customers.`,
    ...table,
    ...(ordersKnown
      ? []
      : [
          'The orders have changed since this model learned from them: trends and what similar customers bought are not counted again.',
        ]),
    different === 0 ? 'No difference.' : `${different.toLocaleString('en')} differences.${first}`,
    ...listed,
  ].join('\n')
}
