import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { seeded } from '../../src/random.ts'
import { PROJECT_ROOT } from '../../src/root.ts'
import { type Files, shop, writeFiles } from '../ingest/shopFiles.ts'
import { backends, createTestGraph, cypher, empty } from '../support/graph.ts'
import { TEST_PII_KEY } from '../support/pii.ts'
import { randomOrders } from '../support/shop.ts'
import { digest } from './digest.ts'

const KILLS = 10
const SEED = 17
const CUSTOMERS = 150
const PRODUCTS = 400
/** Small, so that a load of some seconds has many transactions to be killed in. */
const BATCH = 50
/** The longest a run may write before it is killed, as a part of what a whole load takes. */
const LONGEST = 0.35

/** A year of a shop, its orders by time as the loader wants them, and something in every other file. */
function manyOrders(): Files {
  const orders = randomOrders(SEED, CUSTOMERS, 12, PRODUCTS).sort((a, b) => (a.placedAt < b.placedAt ? -1 : 1))
  const ids = Array.from({ length: PRODUCTS }, (_, n) => `p${String(n).padStart(2, '0')}`)
  const customers = Array.from({ length: CUSTOMERS }, (_, n) => `c${String(n).padStart(2, '0')}`)
  return shop({
    order_lines: orders.flatMap(({ id, customerId, placedAt, lines }) =>
      lines.map(
        ({ productId, quantity, value }) =>
          `${id},${customerId},${placedAt},${productId},${quantity},${value},0,0,0,s1`,
      ),
    ),
    products: ids.map((id, n) => `${id},m${n % 9},GROCERY,National,CATEGORY ${n % 20},TYPE ${n % 60},1 L`),
    demographics: customers.map((id, n) => `${id},${n % 2 ? '45-54' : '25-34'},50-74K,,,${n % 5},,`),
    campaigns: customers.flatMap((id) => [`10,${id}`, `11,${id}`]),
    coupons: ids.map((id, n) => `up${n % 30},${id},${10 + (n % 2)}`),
    promotions_weekly: ids.flatMap((id, n) => [`${1 + (n % 5)},${id},5,3,2`, `${6 + (n % 5)},${id},1,0,1`]),
  })
}

describe('kill -9 of a load', () => {
  const test = createTestGraph()
  const dataHome = mkdtempSync(path.join(os.tmpdir(), 'alongside-load-'))
  beforeEach(() => empty(test.driver))
  const files = writeFiles(manyOrders())
  afterAll(() => {
    files.remove()
    rmSync(dataHome, { recursive: true, force: true })
  })

  /** `npm run load` as its own process; `writing` when it tells its first progress. */
  function startLoad() {
    const { uri, username, password } = backends().neo4j
    const load = ['--data', files.dataDir, '--promotions', '--synthetic-contacts', '--batch', String(BATCH)]
    const command = ['--import', 'tsx', 'src/commands/load.ts', ...load]
    const child = spawn(process.execPath, command, {
      cwd: PROJECT_ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        PATH: process.env.PATH,
        DATA_HOME: dataHome,
        PII_KEY: TEST_PII_KEY,
        NEO4J_URI: uri,
        NEO4J_USERNAME: username,
        NEO4J_PASSWORD: password,
      },
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const writing = once(child.stderr, 'data')
    const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal, said }))
    return { child, writing, ended }
  }

  const size = async () =>
    JSON.stringify(await cypher(test.driver, 'RETURN COUNT { () } AS nodes, COUNT { ()-->() } AS relationships'))

  /** Or until it has ended. */
  async function untilItWrites(load: ChildProcess): Promise<void> {
    const before = await size()
    while (load.exitCode === null && (await size()) === before) await sleep(20)
  }

  async function loadToTheEnd(): Promise<number> {
    const { writing, ended } = startLoad()
    await Promise.race([writing, ended])
    const started = performance.now()
    const { code, said } = await ended
    expect(code, said).toBe(0)
    return performance.now() - started
  }

  it('at ten moments, each time run again, ends in the graph of a load without faults', async () => {
    const wholeMs = await loadToTheEnd()
    const wanted = await digest(test.driver)
    expect(wanted['Order CONTAINS Product']!.count).toBeGreaterThan(5_000)
    await empty(test.driver)

    const next = seeded(SEED)
    const seen = new Set<string>()
    for (let kills = 0; kills < KILLS; ) {
      const { child, writing, ended } = startLoad()
      await Promise.race([writing, ended])
      // However slow the machine: it is killed some time after it has written something that was not there before.
      await untilItWrites(child)
      await Promise.race([sleep(next() * LONGEST * wholeMs), ended])
      child.kill('SIGKILL')
      const { signal, code, said } = await ended
      if (signal === 'SIGKILL') {
        kills++
        seen.add(await size())
      } else {
        // It came to its end before its moment did: the next ones fall into a load from the start.
        expect(code, said).toBe(0)
        await empty(test.driver)
      }
    }
    // Killed while it wrote, not before or after.
    expect(seen.size).toBeGreaterThan(KILLS / 2)
    await loadToTheEnd()
    expect(await digest(test.driver)).toEqual(wanted)
  }, 600_000)
})
