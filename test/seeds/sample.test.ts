import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadSample, SAMPLE } from '../../seeds/load.ts'
import { type CsvRow, findCsv, readCsv } from '../../src/ingest/csv.ts'
import { openContacts, type SealedContacts } from '../../src/pii/contacts.ts'
import { createTestGraph, cypher } from '../support/graph.ts'
import { testVault } from '../support/pii.ts'

/** An independent reading of a file of the sample. */
async function rowsOf(name: string): Promise<CsvRow[]> {
  const rows: CsvRow[] = []
  for await (const { entries } of readCsv(findCsv(SAMPLE, name)!, []))
    rows.push(...entries.flatMap((entry) => ('row' in entry ? [entry.row] : [])))
  return rows
}

describe('The sample', () => {
  const test = createTestGraph()
  const ask = <T extends object>(text: string) => cypher<T>(test.driver, text)
  /** Counts and an order-independent checksum of everything but the loads' own notes. */
  const checksum = async () => [
    await ask(
      `MATCH (n) WHERE NOT n:Load AND NOT n:Migration
       RETURN labels(n) AS labels, count(n) AS nodes, sum(size(toString(n.id))) AS ids,
              sum(reduce(s = 0, k IN keys(n) | s + size(k) + size(coalesce(toString(n[k]), '')))) AS sum ORDER BY labels`,
    ),
    await ask(
      `MATCH ()-[r]->()
       RETURN type(r) AS type, count(r) AS relationships,
              round(sum(coalesce(r.value, 0.0)), 2) AS value, sum(coalesce(r.quantity, 0.0)) AS quantity, sum(coalesce(r.orders, 0)) AS orders
       ORDER BY type`,
    ),
  ]
  let lines: CsvRow[]

  beforeAll(async () => {
    await loadSample(test.graph, testVault)
    lines = await rowsOf('order_lines')
  })

  it('holds 300 customers with all their orders and lines', async () => {
    const customers = new Set(lines.map((row) => row.customer_id))
    const orders = new Set(lines.map((row) => row.order_id))
    const pairs = new Set(lines.map((row) => `${row.order_id} ${row.product_id}`))
    const [counted] = await ask(
      `RETURN COUNT { (:Customer) } AS customers, COUNT { (:Order) } AS orders, COUNT { (:Order)-[:CONTAINS]->() } AS lines,
              COUNT { (:Order)<-[:PLACED]-(:Customer) } AS placed`,
    )
    expect(customers.size).toBe(300)
    expect(counted).toEqual({ customers: 300, orders: orders.size, lines: pairs.size, placed: orders.size })
  })

  it('knows what each customer bought, as counted from the lines alone', async () => {
    const sums = new Map<string, { quantity: number; value: number }>()
    for (const row of lines) {
      const key = [row.customer_id, row.product_id, row.order_id].join(' ')
      const sum = sums.get(key) ?? { quantity: 0, value: 0 }
      sums.set(key, { quantity: sum.quantity + Number(row.quantity), value: sum.value + Number(row.sales_value) })
    }
    const orders = new Map<string, number>()
    for (const [key, { quantity, value }] of sums) {
      const pair = key.split(' ').slice(0, 2).join(' ')
      if (quantity > 0 && value > 0) orders.set(pair, (orders.get(pair) ?? 0) + 1)
    }
    const bought = await ask<{ pair: string; orders: number }>(
      `MATCH (c:Customer)-[b:BOUGHT]->(p:Product) RETURN c.id + ' ' + p.id AS pair, b.orders AS orders`,
    )
    expect(bought.length).toBe(orders.size)
    expect(bought.filter(({ pair, orders: n }) => orders.get(pair) !== n)).toEqual([])
  })

  it('never calls fuel, coupons and the like merchandise, nor what has no department', async () => {
    const departments = await ask<{ department: string | null; merchandise: boolean }>(
      'MATCH (p:Product) RETURN DISTINCT p.department AS department, p.merchandise AS merchandise',
    )
    const yes = departments.filter(({ merchandise }) => merchandise).map(({ department }) => department)
    for (const no of ['FUEL', 'COUPON', 'MISCELLANEOUS', 'AUTOMOTIVE', null]) expect(yes).not.toContain(no)
    expect(yes).toContain('GROCERY')
  })

  it('has campaigns, who got them and what was redeemed', async () => {
    const [sent, redeemed] = [await rowsOf('campaigns'), await rowsOf('coupon_redemptions')]
    const found = await ask('MATCH (i:Interaction) RETURN i.type AS type, count(i) AS n ORDER BY type')
    const distinct = new Set(redeemed.map((row) => Object.values(row).join(' '))).size
    expect(found).toEqual([
      { type: 'REDEEMED', n: distinct },
      { type: 'SENT', n: sent.length },
    ])
  })

  it('gives everyone a made-up language and time zone, and about seven in ten a consent', async () => {
    const [counted] = await ask<{ known: number; consenting: number }>(
      `MATCH (c:Customer) WHERE c.synthetic
       RETURN count(CASE WHEN c.language IS NOT NULL AND c.timeZone IS NOT NULL THEN 1 END) AS known,
              count(CASE WHEN EXISTS { (c)-[:GAVE]->(:Consent {purpose: 'MARKETING', granted: true}) } THEN 1 END) AS consenting`,
    )
    expect(counted!.known).toBe(300)
    expect(counted!.consenting / 300).toBeGreaterThan(0.62)
    expect(counted!.consenting / 300).toBeLessThan(0.78)
  })

  it('gives everyone made-up contact details, sealed, on domains and numbers that are of nobody', async () => {
    const customers = await ask<{ c: SealedContacts & { id: string } }>('MATCH (c:Customer) RETURN c {.*} AS c')
    expect(customers.length).toBe(300)
    for (const { c } of customers) {
      const { name, email, phone } = openContacts(testVault, c.id, c)
      expect(name).toMatch(/^\S+ \S+$/)
      expect(email).toMatch(/@example\.(com|net|org)$/)
      expect(phone).toMatch(/^\+1\d{3}55501\d{2}$/)
      expect(JSON.stringify(c)).not.toMatch(/example|55501/)
    }
  })

  it('changes nothing when it is loaded again', async () => {
    const before = await checksum()
    await loadSample(test.graph, testVault)
    expect(await checksum()).toEqual(before)
  })

  it('is small, and names its source and licence', () => {
    const bytes = readdirSync(SAMPLE).reduce((sum, file) => sum + statSync(path.join(SAMPLE, file)).size, 0)
    expect(bytes).toBeLessThan(4_000_000)
    const readme = readFileSync(path.join(SAMPLE, '../README.md'), 'utf8')
    expect(readme).toContain('The Complete Journey')
    expect(readme).toContain('CC0')
  })
})
