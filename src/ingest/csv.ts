import { createReadStream, existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'

/** A line that could not be used: its number in the file (the header is 1) and why. */
export type Reject = { file: string; line: number; reason: string }
export type CsvRow = Readonly<Record<string, string>>
export type CsvFile = { name: string; path: string; bytes: number }

/** `name.csv` or `name.csv.gz` in a folder, or null. */
export function findCsv(folder: string, name: string): CsvFile | null {
  for (const file of [path.join(folder, `${name}.csv`), path.join(folder, `${name}.csv.gz`)]) {
    if (existsSync(file)) return { name, path: file, bytes: statSync(file).size }
  }
  return null
}

/**
 * Streams a file row by row, in its order; the consumer's pace is the reader's. `share` is the part of the file read so far.
 * @throws when the header lacks a column.
 */
export async function* readCsv(
  file: CsvFile,
  columns: readonly string[],
): AsyncGenerator<{ row: CsvRow; line: number; share: number }> {
  let read = 0
  const source = createReadStream(file.path, { highWaterMark: 256 * 1024 })
  source.on('data', (chunk) => {
    read += chunk.length
  })
  const parser = parse({
    columns: (header: string[]) => checkHeader(file, header, columns),
    bom: true,
    relax_column_count: true,
    info: false,
  })
  const text = file.path.endsWith('.gz') ? source.pipe(createGunzip()) : source
  const forward = (error: Error) =>
    parser.destroy(new Error(`${file.path} cannot be read: ${error.message}`, { cause: error }))
  source.on('error', forward)
  text.on('error', forward)
  text.pipe(parser)
  let line = 1
  for await (const row of parser)
    yield { row: row as CsvRow, line: ++line, share: file.bytes === 0 ? 1 : read / file.bytes }
}

function checkHeader(file: CsvFile, header: string[], columns: readonly string[]): string[] {
  const missing = columns.filter((column) => !header.includes(column))
  if (missing.length > 0)
    throw new Error(`${file.path} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`)
  return header
}

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
    const value = Number(text)
    if (!Number.isFinite(value)) throw new Error(`${column} is not a number: ${text.slice(0, 40)}`)
    if (value < 0) throw new Error(`${column} is below zero: ${text}`)
    return value
  },
  date: (row: CsvRow, column: string): Date => {
    const text = cell.id(row, column)
    const date = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text)
    if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(date.getTime()))
      throw new Error(`${column} is not a date: ${text.slice(0, 40)}`)
    return date
  },
}
