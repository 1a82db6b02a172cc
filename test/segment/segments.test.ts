import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { day, order, record } from '../support/shop.ts'
import { asking } from './asking.ts'

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `c${10 + from + n}`)

describe('A segment', () => {
  const app = createTestApp()
  const { save, saved, preview } = asking(app)
  const buys = (customerId: string, productId = 'p1', at = day(1)) =>
    record(app, [order(`${customerId}-${productId}-${at}`, customerId, at, [productId])])
  const bought = { bought: { productId: 'p1' } }

  beforeAll(async () => {
    for (const id of ids(0, 20)) await buys(id)
  })

  it('is kept under a new id, read like any node, and replaced by its id', async () => {
    const condition = { all: [bought, { not: { lifecycle: ['LOST'] } }] }
    const { saveSegment } = (await save({ name: 'buyers', condition })).data
    expect(saveSegment).toMatchObject({ name: 'buyers', condition, createdAt: saveSegment.updatedAt })
    const read = `{ segments(where: { id: { eq: "${saveSegment.id}" } }) { id name condition createdAt updatedAt } }`
    expect((await app.data(read, { role: 'ANALYST' })).segments).toEqual([saveSegment])

    const other = { any: [bought] }
    const replaced = (await save({ id: saveSegment.id, name: 'all buyers', condition: other })).data.saveSegment
    expect(replaced).toMatchObject({
      id: saveSegment.id,
      name: 'all buyers',
      condition: other,
      createdAt: saveSegment.createdAt,
    })
    expect(Date.parse(replaced.updatedAt)).toBeGreaterThan(Date.parse(saveSegment.updatedAt))
    expect((await app.data(read, { role: 'ANALYST' })).segments).toEqual([replaced])
  })

  it('is counted as it is now', async () => {
    const [id, others] = [
      await saved({ bought: { productId: 'p2' } }),
      await saved({ not: { bought: { productId: 'p2' } } }),
    ]
    const everyone = (await preview({ all: [] })).data.segmentPreview.size
    expect([await app.services.segment.count(id), await app.services.segment.count(others)]).toEqual([0, everyone])
    await buys('c10', 'p2')
    expect([await app.services.segment.count(id), await app.services.segment.count(others)]).toEqual([1, everyone - 1])
  })

  it('has its members page by page, ascending, each once, also when a page is asked for again', async () => {
    const id = await saved(bought)
    const met: string[] = []
    for (let after: string | undefined; ; after = met.at(-1)) {
      const page = await app.services.segment.members(id, { ...(after ? { after } : {}), first: 7 })
      if (after) expect(await app.services.segment.members(id, { after, first: 7 })).toEqual(page)
      if (page.length === 0) break
      met.push(...page)
    }
    expect(met).toEqual(ids(0, 20))
  })

  it('has the members it had when a walk through them began, until a new walk begins', async () => {
    const id = await saved({ bought: { productId: 'p3' } })
    for (const customer of ids(0, 10)) await buys(customer, 'p3')
    const first = await app.services.segment.members(id, { first: 4 })
    await buys('c25', 'p3')
    const again = await app.services.segment.members(id, { first: 5 })
    await buys('c26', 'p3')
    expect(first.concat(await app.services.segment.members(id, { after: first.at(-1)!, first: 100 }))).toEqual(
      ids(0, 10),
    )
    expect(again.concat(await app.services.segment.members(id, { after: again.at(-1)!, first: 100 }))).toEqual([
      ...ids(0, 10),
      'c25',
    ])
    // A place where no walk is: whoever was interrupted goes on from there.
    expect(await app.services.segment.members(id, { after: 'c16', first: 100 })).toEqual([
      'c17',
      'c18',
      'c19',
      'c25',
      'c26',
    ])
    expect(await app.services.segment.members(id, { after: 'c26', first: 100 })).toEqual([])
  })

  it('that nobody saved is not found', async () => {
    await expect(app.services.segment.members('none', { first: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(app.services.segment.count('none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('counts its days back from the day of the latest order, whatever the clock says', async () => {
    await buys('late', 'p4', day(400, '23:30:00.000'))
    await buys('early', 'p4', day(371, '00:00:00.000'))
    await buys('before', 'p4', day(370, '23:59:59.999'))
    const size = async (lastDays: number) =>
      (await preview({ bought: { productId: 'p4', period: { lastDays } } })).data.segmentPreview.sample.map(
        ({ id }: { id: string }) => id,
      )
    expect(await size(1)).toEqual(['late'])
    expect(await size(29)).toEqual(['late'])
    expect(await size(30)).toEqual(['early', 'late'])
    expect(await size(31)).toEqual(['before', 'early', 'late'])
  })

  it('is for MARKETER and ADMIN to save, for ANALYST too to look at, and for no token of one customer', async () => {
    const codes = async (ask: (role: 'MARKETER') => ReturnType<typeof save>) =>
      Object.fromEntries(
        await Promise.all(
          ['STOREFRONT', 'MARKETER', 'ANALYST', 'ADMIN', 'INGEST', 'PRIVACY_OFFICER'].map(async (role) => {
            const { errors } = await ask(role as 'MARKETER')
            return [role, errors?.[0]?.extensions.code ?? 'ok']
          }),
        ),
      )
    const no = { STOREFRONT: 'FORBIDDEN', INGEST: 'FORBIDDEN', PRIVACY_OFFICER: 'FORBIDDEN' }
    const condition = bought
    expect(await codes((role) => save({ condition }, { role }))).toEqual({
      ...no,
      MARKETER: 'ok',
      ANALYST: 'FORBIDDEN',
      ADMIN: 'ok',
    })
    const looks = { ...no, MARKETER: 'ok', ANALYST: 'ok', ADMIN: 'ok' }
    expect(await codes((role) => preview(condition, { role }))).toEqual(looks)
    expect(await codes((role) => app.ask('{ segments { id condition } }', { role }))).toEqual(looks)
    const bound = await preview(condition, { role: 'ADMIN', customer: 'c10' })
    expect(bound.errors![0]!.extensions.code).toBe('FORBIDDEN')
    expect((await app.ask('{ segments { id } }')).errors![0]!.extensions.code).toBe('UNAUTHENTICATED')
  })
})

describe('In a graph without orders', () => {
  const app = createTestApp()
  const { preview } = asking(app)
  const size = async (condition: unknown) => (await preview(condition)).data.segmentPreview.size

  it('a segment has nobody who bought and everybody who did not', async () => {
    expect(await size({ all: [] })).toBe(0)
    const upsert = 'mutation { upsertCustomers(customers: [{ id: "c1", age: "25-34" }, { id: "c2" }]) { accepted } }'
    await app.data(upsert, { role: 'INGEST' })
    const buys = { bought: { productId: 'p1', period: { lastDays: 36_500 } } }
    const sizes: [unknown, number][] = [
      [buys, 0],
      [{ not: buys }, 2],
      [{ attribute: { name: 'age', in: ['25-34'] } }, 1],
      [{ rfm: { recency: [1, 2, 3, 4, 5] } }, 0],
      [{ lifecycle: ['PROSPECT'] }, 2],
      [{ spend: { max: 0, period: { lastDays: 30 } } }, 2],
    ]
    for (const [condition, expected] of sizes) expect(await size(condition), JSON.stringify(condition)).toBe(expected)
  })
})
