import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadSample } from '../../seeds/load.ts'
import type { Graph } from '../../src/graph/query.ts'
import { type LoadOptions, loadJourney } from '../../src/ingest/load.ts'
import { createTestGraph, cypher, empty } from '../support/graph.ts'
import { opened, testVault } from '../support/pii.ts'
import { dump, shop, writeFiles } from './shopFiles.ts'

class Killed extends Error {}

/** A graph that fails at its nth transaction: before the commit, so that nothing stays, or after it, so that nobody hears of it. */
function failing(graph: Graph, nth: number, when: 'before' | 'after'): Graph {
  let count = 0
  return {
    ...graph,
    transaction: async (work, options) => {
      const fatal = ++count === nth
      const result = await graph.transaction(async (tx) => {
        const done = await work(tx)
        if (fatal && when === 'before') throw new Killed()
        return done
      }, options)
      if (fatal) throw new Killed()
      return result
    },
  }
}

describe('A load that ends in the middle', () => {
  const test = createTestGraph()
  const files = writeFiles(shop())
  const options: LoadOptions = { dataDir: files.dataDir, batchRows: 2, promotions: true, syntheticContacts: testVault }
  let whole: string[]
  let transactions = 0

  beforeAll(async () => {
    const counting: Graph = {
      ...test.graph,
      transaction: (...args) => {
        transactions++
        return test.graph.transaction(...args)
      },
    }
    await loadJourney(counting, options)
    whole = await dump(test)
  })
  beforeEach(() => empty(test.driver))
  afterAll(files.remove)

  it.each(['before', 'after'] as const)(
    'gives the same graph when loaded again, whichever transaction fails, %s its commit',
    async (when) => {
      expect(transactions).toBeGreaterThan(15)
      for (let nth = 1; nth <= transactions; nth++) {
        await empty(test.driver)
        await expect(loadJourney(failing(test.graph, nth, when), options), `transaction ${nth}`).rejects.toThrow(Killed)
        await loadJourney(test.graph, options)
        expect(await dump(test), `transaction ${nth}`).toEqual(whole)
      }
    },
    180_000,
  )

  it('stops soon after it is told to, continues where it stopped, and tells of a reject once', async () => {
    const { order_lines = [] } = shop()
    const bad = writeFiles(shop({ order_lines: [order_lines[0]!, 'bad', ...order_lines.slice(1), 'worse'] }))
    try {
      const rejects: number[] = []
      const onReject = ({ line }: { line: number }) => rejects.push(line)
      const controller = new AbortController()
      const reason = new Error('told to')
      const stopped = loadJourney(test.graph, {
        ...options,
        dataDir: bad.dataDir,
        onReject,
        signal: controller.signal,
        onProgress: ({ file, rows }) => {
          if (file === 'order_lines' && rows >= 5) controller.abort(reason)
        },
      })
      await expect(stopped).rejects.toBe(reason)
      const [orders] = await cypher(test.driver, 'RETURN COUNT { (:Order) } > 0 AS some')
      const [mark] = await cypher<{ rows: number }>(
        test.driver,
        `MATCH (l:Load) WHERE l.id STARTS WITH 'order_lines:' RETURN l.rows AS rows`,
      )
      expect(orders).toEqual({ some: true })
      expect(mark!.rows).toBeGreaterThanOrEqual(4)

      rejects.splice(0)
      const { rejected } = await loadJourney(test.graph, { ...options, dataDir: bad.dataDir, onReject })
      expect({ rejects, rejected }).toEqual({ rejects: [13], rejected: 1 })
      expect(await dump(test)).toEqual(whole)
    } finally {
      bad.remove()
    }
  })

  it('starts anew after one that came to its end, and finds what is missing', async () => {
    await loadJourney(test.graph, options)
    const marks = await cypher<{ done: boolean }>(test.driver, 'MATCH (l:Load) RETURN l.done AS done')
    expect(marks.map(({ done }) => done)).toEqual(Array(8).fill(true))
    await cypher(test.driver, `MATCH (o:Order {id: 'E'}) DETACH DELETE o`)
    await loadJourney(test.graph, options)
    expect(await dump(test)).toEqual(whole)
  })
})

describe('The sample, interrupted', () => {
  const test = createTestGraph()
  /** Sums by order, by customer and by kind: a dump of all of it would take minutes on a busy machine. */
  const sums = async () => [
    ...(await cypher(
      test.driver,
      `MATCH (c)-[:PLACED]->(o:Order)-[r:CONTAINS]->(p)
       RETURN o.id AS id, c.id AS customer, o.placedAt AS at, o.value AS total, o.counted AS counted, count(r) AS lines,
              sum(r.quantity) AS quantity, round(sum(r.value), 4) AS value, round(sum(r.discount), 4) AS discount,
              min(p.id) AS first, max(p.id) AS last
       ORDER BY id`,
    )),
    ...(
      await cypher<{ customer: object }>(
        test.driver,
        `MATCH (c:Customer)-[b:BOUGHT]->(p)
       WITH c, c.id AS id, b, p
       RETURN id, c {.*} AS customer, count(b) AS pairs, sum(b.orders) AS orders, sum(b.quantity) AS quantity,
              round(sum(b.value), 4) AS value, min(b.firstAt) AS first, max(b.lastAt) AS last, round(sum(p.price), 4) AS prices
       ORDER BY id`,
      )
    ).map((row) => ({ ...row, customer: opened(row.customer) })),
    ...(await cypher(
      test.driver,
      'MATCH (a)-[r]->(b) RETURN labels(a) AS a, type(r) AS type, labels(b) AS b, count(r) AS n ORDER BY a, type, b',
    )),
  ]

  it('is the sample in the end, however often it stopped', async () => {
    await loadSample(test.graph, testVault)
    const whole = await sums()
    await empty(test.driver)
    for (const [step, share] of [
      ['products', 0.3],
      ['order_lines', 0.4],
      ['customers', 0],
    ] as const) {
      const controller = new AbortController()
      const reason = new Error(step)
      const stop: LoadOptions['onProgress'] = (progress) => {
        if (progress.file === step && progress.share >= share) controller.abort(reason)
      }
      await expect(loadSample(test.graph, testVault, stop, { signal: controller.signal })).rejects.toBe(reason)
    }
    await loadSample(test.graph, testVault)
    const again = await sums()
    expect(again.length).toBe(whole.length)
    // Not one toEqual: what differs among 20,000 takes minutes to print.
    expect(again.filter((entry, at) => JSON.stringify(entry) !== JSON.stringify(whole[at])).slice(0, 3)).toEqual([])
  }, 300_000)
})
