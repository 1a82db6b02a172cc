import { createReadStream, existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { createGunzip } from 'node:zlib'

/** A line that could not be used: its number in the file (the header is 1) and why. */
export type Reject = { file: string; line: number; reason: string }
export type CsvRow = Readonly<Record<string, string>>
export type CsvFile = { name: string; path: string; bytes: number }
/** A record of the file, or why there is none. */
export type CsvEntry = { line: number; row: CsvRow } | { line: number; reason: string }

/** A cell may hold line breaks; a quote that closes later than this was not meant to open. */
const MAX_LINES = 50

/** `name.csv` or `name.csv.gz` in a folder, or null. */
export function findCsv(folder: string, name: string): CsvFile | null {
  for (const file of [path.join(folder, `${name}.csv`), path.join(folder, `${name}.csv.gz`)]) {
    if (existsSync(file)) return { name, path: file, bytes: statSync(file).size }
  }
  return null
}

/**
 * Streams a file, many entries at a time, in its order; the consumer's pace is the reader's. `share` is the part of the file
 * read so far.
 * @throws when the file cannot be read, or its header lacks a column.
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
  const text = file.path.endsWith('.gz') ? source.pipe(createGunzip()) : source
  if (text !== source) source.on('error', (error) => text.destroy(error))
  const records = new Records((header) => checkHeader(file, header, columns))
  let rest = ''
  try {
    for await (const chunk of text.setEncoding('utf8')) {
      const lines = `${rest}${chunk}`.split('\n')
      rest = lines.pop()!
      yield { entries: records.take(lines), share: file.bytes === 0 ? 1 : read / file.bytes }
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new Error(`${file.path} cannot be read: ${message}`, { cause: error })
  } finally {
    source.destroy()
  }
  const last = records.take(rest === '' ? [] : [rest])
  yield { entries: [...last, ...records.end()], share: 1 }
}

/** Makes records of lines. */
class Records {
  private header: string[] | undefined
  private line = 0
  /** The lines of a record whose quote is still open. */
  private open: string[] = []

  constructor(private readonly onHeader: (header: string[]) => string[]) {}

  take(lines: readonly string[]): CsvEntry[] {
    const entries: CsvEntry[] = []
    const queue = [...lines].reverse()
    while (queue.length > 0) {
      const line = queue.pop()!
      this.line++
      const text = line.endsWith('\r') ? line.slice(0, -1) : line
      if (text === '' && this.open.length === 0) continue
      this.open.push(text)
      const cells = split(this.open.length === 1 ? text : this.open.join('\n'))
      if (cells !== null) {
        const first = this.line - this.open.length + 1
        this.open = []
        if (this.header) entries.push(this.entry(first, cells))
        else this.header = this.onHeader(cells)
      } else if (this.open.length >= MAX_LINES) {
        const [entry, ...again] = this.giveUp()
        entries.push(entry)
        queue.push(...again.reverse())
      }
    }
    return entries
  }

  end(): CsvEntry[] {
    const entries: CsvEntry[] = []
    while (this.open.length > 0) {
      const [entry, ...again] = this.giveUp()
      entries.push(entry, ...this.take(again))
    }
    if (!this.header) this.onHeader([])
    return entries
  }

  /** The first of the open lines is bad; the others are read again. */
  private giveUp(): [CsvEntry, ...string[]] {
    const again = this.open.slice(1)
    this.open = []
    this.line -= again.length
    return [{ line: this.line, reason: 'a quote is never closed' }, ...again]
  }

  private entry(line: number, cells: string[]): CsvEntry {
    const header = this.header!
    if (cells.length !== header.length) return { line, reason: `${cells.length} columns instead of ${header.length}` }
    const row: Record<string, string> = {}
    for (let at = 0; at < header.length; at++) row[header[at]!] = cells[at]!
    return { line, row }
  }
}

/** The cells of a record (RFC 4180), or null while a quoted one is open. */
function split(text: string): string[] | null {
  if (!text.includes('"')) return text.split(',')
  const cells: string[] = []
  for (let at = 0; ; ) {
    let cell = ''
    if (text[at] === '"') {
      for (let open = true; open; ) {
        const quote = text.indexOf('"', at + 1)
        if (quote === -1) return null
        cell += text.slice(at + 1, quote)
        open = text[quote + 1] === '"'
        if (open) cell += '"'
        at = quote + 1
      }
    }
    const comma = text.indexOf(',', at)
    cells.push(cell + text.slice(at, comma === -1 ? undefined : comma))
    if (comma === -1) return cells
    at = comma + 1
  }
}

function checkHeader(file: CsvFile, header: string[], columns: readonly string[]): string[] {
  const names = header.map((name) => name.replace(/^\uFEFF/, '').trim())
  const missing = columns.filter((column) => !names.includes(column))
  if (missing.length > 0)
    throw new Error(`${file.path} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`)
  return names
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/

/** ISO 8601, a date or an instant; UTC where it names no zone. Null for anything else, and for days no calendar has. */
function instant(text: string): Date | null {
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
