import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { type CsvEntry, cell, findCsv, instant, readCsv } from '../../src/ingest/csv.ts'
import { IdSet } from '../../src/ingest/ids.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'alongside-csv-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

async function read(content: string | Buffer, columns: string[] = []): Promise<CsvEntry[]> {
  const name = `file${files++}`
  const gzip = typeof content !== 'string'
  writeFileSync(path.join(folder, gzip ? `${name}.csv.gz` : `${name}.csv`), content)
  const all: CsvEntry[] = []
  for await (const { entries } of readCsv(findCsv(folder, name)!, columns)) all.push(...entries)
  return all
}

describe('A CSV file', () => {
  it('gives the same rows plain and as gzip, whatever ends its lines', async () => {
    const expected = [
      { line: 2, row: { a: '1', b: 'x' } },
      { line: 3, row: { a: '2', b: '' } },
    ]
    expect(await read('a,b\n1,x\n2,')).toEqual(expected)
    expect(await read('a,b\r\n1,x\r\n2,\r\n')).toEqual(expected)
    expect(await read(gzipSync('\uFEFFa, b\n1,x\n2,\n'))).toEqual(expected)
  })

  it('reads cells in quotes, with commas, quotes and line breaks in them, and numbers lines of the file', async () => {
    expect(await read('a,b\n"1, large","say ""hi"""\n"two\nlines",x\n3,"é"\n')).toEqual([
      { line: 2, row: { a: '1, large', b: 'say "hi"' } },
      // The line it ends on.
      { line: 4, row: { a: 'two\nlines', b: 'x' } },
      { line: 5, row: { a: '3', b: 'é' } },
    ])
  })

  it('rejects a line with the wrong number of cells and goes on', async () => {
    expect(await read('a,b\n1\n1,2,3\n\n12" pan,"x"\n')).toEqual([
      { line: 2, reason: '1 columns instead of 2' },
      { line: 3, reason: '3 columns instead of 2' },
      { line: 5, row: { a: '12" pan', b: 'x' } },
    ])
  })

  it('stops at a quote that never closes, names file and line, and does not read all the rest into memory', async () => {
    await expect(read('a,b\n1,2\n"open,x\n3,4\n')).rejects.toThrow(
      /\.csv, line 3: a quote is opened that nothing closes/,
    )
    const rest = Array.from({ length: 100_000 }, (_, at) => `${at},y`).join('\n')
    await expect(read(`a,b\n1,2\n"open,x\n${rest}`)).rejects.toThrow(
      /\.csv, line 3: a row of more than 100,000 bytes begins: a quote that is never closed/,
    )
  })

  it('goes through chunks without losing what lies across their edges', async () => {
    const lines = Array.from({ length: 30_000 }, (_, at) => `${at},ł${'é'.repeat(at % 7)}`)
    const entries = await read(gzipSync(`a,b\n${lines.join('\n')}`))
    expect(entries.map((entry) => ('row' in entry ? `${entry.row.a},${entry.row.b}` : entry.reason))).toEqual(lines)
  })

  it('names the file and what it lacks', async () => {
    await expect(read('a,c\n1,2\n', ['a', 'b', 'd'])).rejects.toThrow(/file\d+\.csv lacks the columns b, d$/)
    await expect(read('', ['a'])).rejects.toThrow(/lacks the column a$/)
    expect(await read('a\n', ['a'])).toEqual([])
  })

  it('fails readably on a gzip cut short, on what is no gzip, and on what has no lines', async () => {
    const random = Array.from({ length: 5_000 }, (_, at) => `${at},${Math.sin(at)}`).join('\n')
    await expect(read(gzipSync(`a,b\n${random}`).subarray(0, 20_000))).rejects.toThrow(
      /cannot be read after line \d+: unexpected end/,
    )
    await expect(read(Buffer.from('a,b\n1,2\n'))).rejects.toThrow(/cannot be read after line 0: incorrect header/)
    await expect(read('x'.repeat(300_000))).rejects.toThrow(
      /line 1: a row of more than 100,000 bytes begins: .* or no CSV/,
    )
  })
})

describe('A cell', () => {
  it.each([
    ['2017-03-01', '2017-03-01T00:00:00.000Z'],
    ['2017-03-01 10:30:15', '2017-03-01T10:30:15.000Z'],
    ['2017-03-01T10:30:15.1234Z', '2017-03-01T10:30:15.123Z'],
    ['2017-03-01T10:30+02:00', '2017-03-01T08:30:00.000Z'],
    ['2017-03-01T23:30:00-0130', '2017-03-02T01:00:00.000Z'],
    ['2016-02-29', '2016-02-29T00:00:00.000Z'],
  ])('takes %s for the instant it is', (text, iso) => expect(instant(text)?.toISOString()).toBe(iso))

  it.each(['2017-02-29', '2017-13-01', '2017-01-01T24:00:00Z', '0050-01-01', '1/5/2017', '2017', 'soon', '1483228800'])(
    'does not take %s for a date',
    (text) => {
      expect(instant(text)).toBeNull()
      expect(() => cell.date({ at: text }, 'at')).toThrow(`at is not a date: ${text}`)
    },
  )

  it('is a number only when it looks like one', () => {
    expect(['7', ' 1.50 ', '.5', '1e3', '+2'].map((n) => cell.amount({ n }, 'n'))).toEqual([7, 1.5, 0.5, 1000, 2])
    for (const n of ['0x10', '1,5', 'NaN', 'Infinity', '1e999', '12 kg'])
      expect(() => cell.amount({ n }, 'n')).toThrow(`n is not a number: ${n}`)
    expect(() => cell.amount({ n: '-1' }, 'n')).toThrow('n is below zero: -1')
    expect(() => cell.amount({ n: '' }, 'n')).toThrow('n is missing')
    expect(() => cell.whole({ n: '1.5' }, 'n')).toThrow('n is not a whole number: 1.5')
  })
})

describe('A set of ids', () => {
  it('tells 300,000 ids apart that differ in a digit', () => {
    const seen = new IdSet()
    let taken = 0
    for (let id = 0; id < 300_000; id++) {
      if (seen.has(String(31_198_459_000 + id))) taken++
      seen.add(String(31_198_459_000 + id))
    }
    expect(taken).toBe(0)
    expect(seen.has('31198459000')).toBe(true)
    expect(seen.has('31198458999')).toBe(false)
    expect(seen.has('')).toBe(false)
  })
})
