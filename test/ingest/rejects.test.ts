import { writeFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { Reject } from '../../src/ingest/csv.ts'
import { loadJourney } from '../../src/ingest/load.ts'
import { createTestGraph, cypher } from '../support/graph.ts'
import { type Files, shop, writeFiles } from './shopFiles.ts'

describe('A load of files with mistakes', () => {
  const test = createTestGraph()
  const rejects: Reject[] = []
  const removals: (() => void)[] = []

  function write(files: Files) {
    const written = writeFiles(files)
    removals.push(written.remove)
    return written
  }
  afterEach(() => {
    for (const remove of removals.splice(0)) remove()
  })

  it('leaves out bad rows, says where and why, and goes on', async () => {
    const { dataDir } = write(
      shop({
        order_lines: [
          'A,1,2017-01-05T10:00:00Z,milk,1,2.00,0,0,0,s1',
          'A,1,2017-01-05T10:00:00Z,bread,two,2.00,0,0,0,s1',
          'A,1,2017-01-05T10:00:00Z,bread,1,-2.00,0,0,0,s1',
          'A,1,2017-01-05T10:00:00Z,bread,-1,2.00,0,0,0,s1',
          'A,1,2017-01-05T10:00:00Z,bread',
          'A,9,2017-01-05T10:00:00Z,bread,1,2.00,0,0,0,s1',
          'B,2,2017-02-30T10:00:00Z,milk,1,2.00,0,0,0,s1',
          'B,2,2017-02-03T10:00:00Z,milk,1,2.00,0,0,0,s1',
          'A,1,2017-02-04T10:00:00Z,milk,1,2.00,0,0,0,s1',
          ',1,2017-02-05T10:00:00Z,milk,1,2.00,0,0,0,s1',
          'C,1,2017-02-06T10:00:00Z,milk,1,2.00,0,0,0,',
        ],
        campaign_descriptions: ['10,Type A,soon,2017-02-15', '11,Type B,2017-03-10,2017-04-15'],
      }),
    )
    const report = await loadJourney(test.graph, { dataDir, onReject: (reject) => rejects.push(reject) })
    expect(report.rejected).toBe(9)
    expect(rejects.map(({ file, line, reason }) => `${file} ${line} ${reason}`)).toEqual([
      'order_lines 3 quantity is not a number: two',
      'order_lines 4 sales_value is below zero: -2.00',
      'order_lines 5 quantity is below zero: -1',
      'order_lines 6 4 columns instead of 10',
      'order_lines 7 customer_id is 9, but 1 in an earlier line of this order',
      'order_lines 8 ordered_at is not a date: 2017-02-30T10:00:00Z',
      'order_lines 10 order_id A stands apart from the other lines of this order',
      'order_lines 11 order_id is missing',
      'campaign_descriptions 2 start_date is not a date: soon',
    ])
    expect(
      await cypher(
        test.driver,
        `MATCH (o:Order)-[r:CONTAINS]->(p) RETURN o.id + ' ' + p.id AS line, o.value AS value ORDER BY line`,
      ),
    ).toEqual([
      { line: 'A milk', value: 2 },
      { line: 'B milk', value: 2 },
      { line: 'C milk', value: 2 },
    ])
  })

  it('tells of a file without a column it needs, and of nothing else', async () => {
    const { dataDir } = write(shop())
    writeFileSync(`${dataDir}/order_lines.csv`, 'order_id,customer_id,product_id\n1,2,3\n')
    await expect(loadJourney(test.graph, { dataDir })).rejects.toThrow(
      /order_lines.csv lacks the columns ordered_at, quantity/,
    )
  })
})
