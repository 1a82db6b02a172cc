import { createReadStream, existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'

/** A line that could not be used: its number in the file (the header is 1) and why. */
export type Reject = { file: string; line: number; reason: string }
export type CsvRow = Readonly<Record<string, string>>
export type CsvFile = { name: string; path: string; bytes: number }
/** A record of the file, or why there is none. */
export type CsvEntry = { line: number; row: CsvRow } | { line: number; reason: string }

/** `name.csv` or `name.csv.gz` in a folder, or null. */
export function findCsv(folder: string, name: string): CsvFile | null {
  for (const file of [path.join(folder, `${name}.csv`), path.join(folder, `${name}.csv.gz`)]) {
    if (existsSync(file)) return { name, path: file, bytes: statSync(file).size }
  }
  return null
}

const BATCH = 1_000
/** Bytes. What is longer is no record but a quote that never closes, or no CSV: it would end up in memory whole. */
const MAX_RECORD = 100_000
const UNREADABLE = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened that nothing closes up to the end of the file',
  CSV_MAX_RECORD_SIZE: `a row of more than ${MAX_RECORD.toLocaleString('en')} bytes begins: a quote that is never closed, or no CSV`,
}

/**
 * Streams a file, many entries at a time, in its order; the consumer's pace is the reader's. `share` is the part of the file
 * read so far.
 * @throws when the file cannot be read or is no CSV, or its header lacks a column.
 */
export async function* readCsv(
  file: CsvFile,
  columns: readonly string[],
): AsyncGenerator<{ entries: CsvEntry[]; share: number }> {
  let read = 0
  const source = createReadStream(file.path, { highWaterMark: 64 * 1024 })
  source.on('data', (chunk) => {
    read += chunk.length
  })
  // `info` tells each record's line: a quoted cell may hold several.
  const parser = parse({
    bom: true,
    info: true,
    max_record_size: MAX_RECORD,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  })
  const stages = file.path.endsWith('.gz') ? [source, createGunzip(), parser] : [source, parser]
  // The parser carries the error to whoever reads it.
  pipeline(stages, () => {})
  let header: string[] | undefined
  let entries: CsvEntry[] = []
  let line = 0
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      line = info.lines
      if (!header) header = checkHeader(file, record, columns)
      else entries.push(entryOf(header, record, line))
      if (entries.length < BATCH) continue
      yield { entries, share: file.bytes === 0 ? 1 : read / file.bytes }
      entries = []
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    if (code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE')
      throw new Error(`${file.path}, line ${line + 1}: ${UNREADABLE[code]}`, { cause: error })
    throw new Error(`${file.path} cannot be read after line ${line}: ${(error as Error).message}`, { cause: error })
  }
  if (!header) checkHeader(file, [], columns)
  yield { entries, share: 1 }
}

function entryOf(header: readonly string[], cells: readonly string[], line: number): CsvEntry {
  if (cells.length !== header.length) return { line, reason: `${cells.length} columns instead of ${header.length}` }
  const row: Record<string, string> = {}
  for (let at = 0; at < header.length; at++) row[header[at]!] = cells[at]!
  return { line, row }
}

function checkHeader(file: CsvFile, header: string[], columns: readonly string[]): string[] {
  const names = header.map((name) => name.replace(/^\uFEFF/, '').trim())
  const missing = columns.filter((column) => !names.includes(column))
  if (missing.length > 0)
    throw new Error(`${file.path} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`)
  return names
}

const DATE = /^([1-9]\d{3})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/

/** ISO 8601, a date or an instant; UTC where it names no zone. Null for anything else, and for days no calendar has. */
export function instant(text: string): Date | null {
  const match = DATE.exec(text)
  if (!match) return null
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as Six
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return null
  if (day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second, milliseconds) - offset(match[8] ?? 'Z'))
}
type Six = [number, number, number, number, number, number]

function offset(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone[0] === '-' ? -1 : 1) * minutes * 60_000
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** Readers of a cell; each throws an Error that names the column. */
export const cell = {
  text: (row: CsvRow, column: string): string | null => row[column]?.trim() || null,
  id: (row: CsvRow, column: string): string => {
    const text = cell.text(row, column)
    if (text === null) throw new Error(`${column} is missing`)
    return text
  },
  amount: (row: CsvRow, column: string): number => {
    const text = cell.id(row, column)
    const value = NUMBER.test(text) ? Number(text) : Number.NaN
    if (!Number.isFinite(value)) throw new Error(`${column} is not a number: ${text.slice(0, 40)}`)
    if (value < 0) throw new Error(`${column} is below zero: ${text.slice(0, 40)}`)
    return value
  },
  whole: (row: CsvRow, column: string): number => {
    const value = cell.amount(row, column)
    if (!Number.isSafeInteger(value)) throw new Error(`${column} is not a whole number: ${value}`)
    return value
  },
  date: (row: CsvRow, column: string): Date => {
    const text = cell.id(row, column)
    const date = instant(text)
    if (date === null) throw new Error(`${column} is not a date: ${text.slice(0, 40)}`)
    return date
  },
}
