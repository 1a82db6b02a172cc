import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Row } from './evaluate.ts'
import type { Interval } from './metrics.ts'
import type { ResponseScores } from './response.ts'

/** An aligned table of lists (B, A) and one of baskets (C), each where there are rows; columns by two spaces. */
export function table(rows: readonly Row[]): string {
  const head = ['task', 'level', 'cut', 'who']
  const lists: string[][] = []
  const baskets: string[][] = []
  for (const row of rows) {
    const start = [row.task, row.level, day(row.cut), row.name]
    if ('ndcg' in row.scores) {
      const { ndcg, ndcgInterval, hit, recall, precision, coverage, customers } = row.scores
      const cells = [four(ndcg), between(ndcgInterval), three(hit), four(recall), four(precision), three(coverage)]
      lists.push([...start, ...cells, String(customers), row.seconds.toFixed(1)])
    } else {
      const { mrr, mrrInterval, hit, hitInterval, cases } = row.scores
      const cells = [four(mrr), between(mrrInterval), three(hit), between(hitInterval)]
      baskets.push([...start, ...cells, String(cases), row.seconds.toFixed(1)])
    }
  }
  const listHead = [...head, 'NDCG', '95 %', 'hit', 'recall', 'precision', 'coverage', 'customers', 'seconds']
  const basketHead = [...head, 'MRR', '95 %', 'hit', '95 %', 'cases', 'seconds']
  const tables = [
    lists.length > 0 && aligned([listHead, ...lists]),
    baskets.length > 0 && aligned([basketHead, ...baskets]),
  ]
  return tables.filter(Boolean).join('\n\n')
}

/** Of campaign response; says so where there is nothing to judge. */
export function responseTable(rows: readonly ResponseScores[]): string {
  if (rows.length === 0) return 'No campaign of the test has five responders.'
  const head = ['campaign response', 'AUC', '95 %', 'campaigns', 'recipients', 'responders']
  const cells = rows.map(({ name, auc, aucInterval, campaigns, recipients, responders }) => [
    ...[name, four(auc), between(aucInterval)],
    ...[campaigns, recipients, responders].map(String),
  ])
  return aligned([head, ...cells])
}

/** Everything but the lists; dates as ISO 8601. */
export const toJson = (rows: readonly Row[]): string =>
  JSON.stringify(
    rows.map(({ lists: _, cut, end, ...row }) => ({ ...row, cut: day(cut), end: day(end) })),
    null,
    2,
  )

/**
 * Writes a row's lists into the folder, which is made when missing, and returns the file: `B-product.jsonl`, `C-any-type.jsonl`.
 * A line is {"customerId":"900","items":[…]} (A, B) or {"caseId":"…","items":[…]} (C), as the protocol's script reads it.
 * The name tells nothing of who made the lists: one folder for each.
 */
export async function writeLists(folder: string, row: Row): Promise<string> {
  await mkdir(folder, { recursive: true })
  const file = path.join(folder, `${row.task}-${row.level}.jsonl`)
  const key = row.task === 'A' || row.task === 'B' ? 'customerId' : 'caseId'
  const lines = [...row.lists].map(([id, items]) => `${JSON.stringify({ [key]: id, items })}\n`)
  await writeFile(file, lines.join(''))
  return file
}

const four = (value: number): string => value.toFixed(4)
const three = (value: number): string => value.toFixed(3)
const between = ([low, high]: Interval): string => `${four(low)}-${four(high)}`
const day = (at: number): string => new Date(at).toISOString().replace('T00:00:00.000Z', '')

/** The first row is the head. Numbers to the right, words to the left. */
function aligned(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const isNumber = rows[0]!.map((_, column) => rows.slice(1).every((row) => /^[\d.]+(-[\d.]+)?$/.test(row[column]!)))
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (isNumber[at] ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}
