import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Driver } from 'neo4j-driver'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { loadSample } from '../../seeds/load.ts'
import { createDriver } from '../../src/graph/driver.ts'
import { PROJECT_ROOT } from '../../src/root.ts'
import { createTestGraph, cypher } from '../support/graph.ts'
import { testVault } from '../support/pii.ts'

/** What events made of a graph. (A load alone knows which coupon was redeemed, and prices.) */
const FACTS = {
  orders: `MATCH (c:Customer)-[:PLACED]->(o:Order)
    RETURN [o.id, c.id, toString(o.placedAt), o.storeId, round(o.value, 6), o.counted, o.revision] AS fact`,
  lines: `MATCH (o:Order)-[r:CONTAINS]->(p:Product)
    RETURN [o.id, p.id, r.quantity, round(r.value, 6), round(r.discount, 6)] AS fact`,
  bought: `MATCH (c:Customer)-[b:BOUGHT]->(p:Product)
    RETURN [c.id, p.id, b.orders, b.quantity, b.value, toString(b.firstAt), toString(b.lastAt)] AS fact`,
  interactions: `MATCH (c:Customer)-[:HAD]->(i:Interaction)-[:WITH]->(k:Campaign)
    RETURN [i.id, i.type, c.id, k.id, toString(i.at)] AS fact`,
  campaigns: 'MATCH (k:Campaign) RETURN [k.id, toString(k.startsAt), COUNT { (k)--(:Coupon) }] AS fact',
}

describe('npm run demo', () => {
  const test = createTestGraph()
  const folder = mkdtempSync(path.join(os.tmpdir(), 'alongside-demo-'))
  const home = path.join(folder, 'demo')
  const running: ChildProcess[] = []

  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    }
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function demo(...args: string[]) {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/commands/demo.ts', ...args], {
      cwd: PROJECT_ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'development', PORT: '0', LOG_LEVEL: 'warn' },
    })
    running.push(child)
    const told = { text: '' }
    const ended = new Promise<number | string>((resolve) =>
      child.once('exit', (code, signal) => resolve(code ?? signal!)),
    )
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        told.text += text
      })
    return { told, ended, child }
  }
  const facts = async (driver: Driver) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(FACTS).map(async ([name, text]) => {
          const rows = await cypher<{ fact: unknown[] }>(driver, text)
          return [name, rows.map(({ fact }) => JSON.stringify(fact)).sort()] as const
        }),
      ),
    )

  it('plays the last four weeks, stops at Ctrl-C, continues, and ends with the graph of the whole sample', {
    timeout: 600_000,
  }, async () => {
    const first = demo('--data-home', home, '--speed', '4')
    await expect.poll(() => first.told.text, { timeout: 300_000, interval: 200 }).toMatch(/replay: 2017-12-\d\d/)
    first.child.kill('SIGINT')
    expect([await first.ended, first.told.text]).toEqual([0, expect.stringContaining('SIGINT: finishing')])
    expect(first.told.text).not.toContain('Replayed')

    const second = demo('--data-home', home, '--speed', '100000')
    await expect.poll(() => second.told.text, { timeout: 200_000, interval: 200 }).toContain('Replayed')
    expect(second.told.text).not.toContain('loading the sample')
    const [, recorded, , rejected] = /Replayed: (\d+) recorded, (\d+) there before, (\d+) rejected/.exec(
      second.told.text,
    )!
    expect(rejected).toBe('0')
    const { neo4j } = JSON.parse(readFileSync(path.join(home, 'run.json'), 'utf8'))
    const driver = createDriver(neo4j)
    const played = await facts(driver)
    // The first run had sent some: the second did not begin anew.
    const [{ events } = { events: 0 }] = await cypher<{ events: number }>(
      driver,
      "MATCH (e:Event) WHERE e.id STARTS WITH 'order:' OR e.id STARTS WITH 'interaction:' RETURN count(e) AS events",
    )
    expect(events).toBeGreaterThan(Number(recorded))
    await driver.close()
    second.child.kill('SIGINT')
    expect(await second.ended).toBe(0)

    await loadSample(test.graph, testVault)
    const whole = await facts(test.driver)
    for (const name of Object.keys(FACTS)) {
      const there = new Set(played[name])
      expect([name, whole[name]!.filter((fact) => !there.has(fact)).slice(0, 5)]).toEqual([name, []])
      expect([name, played[name]!.length]).toEqual([name, whole[name]!.length])
    }
  })

  it('touches no folder but that of a demo, and says what is wrong with its arguments', async () => {
    const kept = path.join(folder, 'neo4j')
    writeFileSync(kept, 'not a demo')
    const elsewhere = demo('--data-home', folder, '--fresh')
    expect(await elsewhere.ended).toBe(1)
    expect(elsewhere.told.text).toContain(`${folder} is not the folder of a demo`)
    expect(existsSync(kept)).toBe(true)
    const slow = demo('--speed', '0')
    expect(await slow.ended).toBe(1)
    expect(slow.told.text).toContain('--speed must be weeks a minute')
    const help = demo('--help')
    expect([await help.ended, help.told.text]).toEqual([0, expect.stringContaining('weeks a minute (default: 0.4')])
  })
})
