import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import type { FieldReview, Review } from '../../src/access/review.ts'
import { PROJECT_ROOT } from '../../src/root.ts'
import { startTestApp } from '../support/app.ts'
import { backends, createTestGraph } from '../support/graph.ts'
import { day, order, record } from '../support/shop.ts'
import { connectTo, firstOf } from '../support/sockets.ts'

const TODAY = new Date().toISOString().slice(0, 10)

/** The command, as npm runs it. */
async function run(args: string[], env: Record<string, string> = {}) {
  const { uri, password } = backends().neo4j
  const command = ['--import', 'tsx', 'src/commands/access-review.ts', ...args]
  const { stdout } = await promisify(execFile)(process.execPath, command, {
    cwd: PROJECT_ROOT,
    env: { PATH: process.env.PATH, NEO4J_URI: uri, NEO4J_PASSWORD: password, ...env },
  })
  return stdout
}

describe('npm run access:review', () => {
  createTestGraph()
  let found: Review
  let text: string
  const permissions = new Map<string, string[]>()
  const of = (role: string) => found.roles.find((one) => one.role === role)!
  const field = (role: string, name: string): FieldReview => of(role).fields.find((one) => one.field === name)!

  beforeAll(async () => {
    const app = await startTestApp()
    for (const role of ['MARKETER', 'STOREFRONT', 'PRIVACY_OFFICER'] as const)
      permissions.set(role, (await app.data('{ me { permissions } }', { role })).me.permissions)
    for (const brand of ['one', 'two'])
      await app.data('query ($b: String!) { products(where: { brand: { eq: $b } }) { id } }', {
        role: 'MARKETER',
        variables: { b: brand },
      })
    await app.ask('{ models { id } }', { role: 'STOREFRONT' })
    await app.ask('{ customer(id: "c2") { id } }', { role: 'MARKETER', customer: 'c1' })
    await app.ask('{ coupons { id } }')
    const { client } = connectTo(app, await app.token('ANALYST'))
    const heard = firstOf(client, 'subscription { orderRecorded { id } }')
    const over = heard.then(() => true)
    for (let revision = 1; !(await Promise.race([over, sleep(300, false)])); revision++)
      await record(app, [{ ...order('o1', 'c1', day(1), ['p1']), revision }])
    expect((await heard).errors).toBeUndefined()
    await client.dispose()
    await app.stop()
    found = JSON.parse(await run(['--json']))
    text = await run([])
  })

  it('tells how often and when last each role used a field, over HTTP and over a socket', () => {
    expect(field('MARKETER', 'Query.products')).toMatchObject({ allowed: true, used: 2, lastUsed: TODAY, denied: 0 })
    expect(field('ANALYST', 'Subscription.orderRecorded')).toMatchObject({ used: 1, lastUsed: TODAY })
    expect(field('STOREFRONT', 'Query.me').used).toBe(1)
    expect(found.until).toBe(TODAY)
  })

  it('tells denied attempts apart, of a role and of a token that speaks for another customer', () => {
    expect(field('STOREFRONT', 'Query.models')).toMatchObject({ allowed: false, used: 0, denied: 1, lastDenied: TODAY })
    expect(field('MARKETER', 'Query.customer')).toMatchObject({ allowed: true, used: 0, denied: 1 })
    const denied = found.roles.flatMap(({ fields }) => fields).filter((one) => one.denied > 0)
    expect(denied).toHaveLength(2)
  })

  it('names what a role may use as the API itself does, and the types it reaches', () => {
    for (const [role, allowed] of permissions) {
      const names = of(role)
        .fields.filter((one) => one.allowed)
        .map((one) => one.field.split('.')[1]!)
      expect([...new Set(names.map((name) => name.replace(/Connection$/, '')))].sort(), role).toEqual(allowed)
    }
    expect(field('STOREFRONT', 'Query.products').reaches).toEqual(expect.arrayContaining(['Category', 'Product']))
    expect(field('STOREFRONT', 'Query.orders').reaches).toEqual([])
    expect(of('STOREFRONT').withheld).toContain('Product.margin')
    expect(of('MARKETER').withheld).toEqual(['Customer.name', 'Customer.email', 'Customer.phone'])
  })

  it('ends with what was allowed and never used', () => {
    const { unused } = of('MARKETER')
    expect(unused).toEqual(expect.arrayContaining(['Query.customer', 'Query.crossSell']))
    expect(unused).not.toContain('Query.products')
    expect(of('INGEST').unused).not.toContain('Mutation.recordOrders')
  })

  it('prints it as a table per role', () => {
    const [, marketer] = /^MARKETER: (.*?)\n\n/ms.exec(text)!
    expect(marketer).toMatch(/Query\.products +yes +2 +\d{4}-\d\d-\d\d +0 +- +Category Product$/m)
    expect(marketer).toMatch(/^ {2}allowed but never used: .*Query\.crossSell/m)
    expect(text).toContain(`denied: Query.models (1, last ${TODAY})`)
  })

  it('says what is wrong with its arguments, and when nothing runs', async () => {
    const empty = await mkdtemp(path.join(os.tmpdir(), 'alongside-review-'))
    try {
      for (const days of ['401', '1.5'])
        await expect(run(['--days', days])).rejects.toThrow(`--days is not a whole number from 1 to 400: ${days}`)
      await expect(run([], { NEO4J_URI: '', DATA_HOME: empty })).rejects.toThrow(`Nothing runs on ${empty}`)
      expect(await run(['--help'])).toContain('npm run access:review')
    } finally {
      await rm(empty, { recursive: true, force: true })
    }
  })
})
