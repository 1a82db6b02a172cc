import { describe, expect, it } from 'vitest'
import { toPurchases } from '../../src/engine/purchases.ts'
import { figuresOf } from '../../src/evaluation/figures.ts'
import { readMerchandise } from '../../src/evaluation/lines.ts'
import { assertNothingAfter, casesOf, splitAt, truthOf } from '../../src/evaluation/split.ts'
import { CUT, END, shopFolder, shopLines, shopSplit } from './world.ts'

const plain = (truth: ReadonlyMap<string, ReadonlySet<string>>) =>
  Object.fromEntries([...truth].map(([customer, items]) => [customer, [...items].sort()]))

describe('Reading merchandise', () => {
  it('leaves out what is no merchandise, and brings the lines of an order together', async () => {
    const lines = await shopLines()
    expect(lines.products).toEqual(['1', '2', '3', '4', '7', '10'])
    expect(lines.orders).not.toContain('599')
    const at = lines.orders.indexOf('501')
    const products = [...lines.line.subarray(lines.lineStart[at]!, lines.lineStart[at + 1]!)]
    expect(products.map((product) => lines.products[product])).toEqual(['10', '1', '2', '2', '7'])
    expect([lines.customerOf[at], lines.placedAt[at]]).toEqual(['1', Date.UTC(2020, 2, 2, 10)])
  })

  it('names a type by category and type, a missing part as ?', async () => {
    const { types } = await shopLines()
    expect(types).toEqual(['DAIRY | MILK', 'BAKERY | ?', '? | ?', 'SPICES | SAFFRON', 'DAIRY | BUTTER'])
  })

  it('reads compressed files as plain ones, and tells how far it is', async () => {
    const shares: number[] = []
    const read = await readMerchandise(shopFolder({ gzip: true }), (share) => shares.push(share))
    expect(read).toEqual(await shopLines())
    expect(shares.at(-1)).toBe(1)
  })

  it('refuses a file with a line that is no record, and a folder without the files', async () => {
    const folder = shopFolder({ more: '600,1,2020-03-01' })
    await expect(readMerchandise(folder)).rejects.toThrow(/order_lines\.csv, line \d+: 3 columns instead of 7/)
    await expect(readMerchandise('/nowhere')).rejects.toThrow('/nowhere holds neither products.csv nor products.csv.gz')
  })
})

describe('The split', () => {
  it('takes into the catalogue what five customers bought before the cut, and customers with three orders', async () => {
    const split = await shopSplit('product')
    expect([...split.catalogue].sort()).toEqual(['1', '10', '2', '3'])
    expect([...split.customers]).toEqual(['1', '2', '3', '4', '5', '6'])
    const types = await shopSplit('type')
    expect([...types.catalogue].sort()).toEqual(['? | ?', 'BAKERY | ?', 'DAIRY | BUTTER', 'DAIRY | MILK'])
  })

  it('knows everything a customer bought before the cut, and nothing of a stranger', async () => {
    const split = await shopSplit('product')
    expect([...split.history('1')].sort()).toEqual(['1', '2'])
    expect([...split.history('2')].sort()).toEqual(['1', '10', '2', '3', '4'])
    expect(split.history('nobody').size).toBe(0)
  })

  it('asks cross-sell for all that is new in the window, the next basket for the first order', async () => {
    const split = await shopSplit('product')
    expect(plain(truthOf(split, 'B'))).toEqual({ 1: ['10', '3'] })
    // 501 and 502 at the same time: the lower id is the first. 503 is exactly at the cut, 508 exactly at the end.
    expect(plain(truthOf(split, 'A'))).toEqual({ 1: ['1', '10', '2'], 2: ['10', '2', '3'] })
  })

  it('holds out an item by the hash of the order, of items in numeric order, three baskets a customer', async () => {
    // sha256 of `507:any:product` starts with 55fc…, its first 8 bytes modulo 3 are 1; 505: 5c41…, 1; 503: 5e23…, 1; 501: b4d8…, 0;
    // 506 comes last (e57e…) and is customer 1's fourth.
    expect(casesOf(await shopSplit('product'), 'any')).toEqual([
      { id: '507', customerId: '1', basket: ['1', '3'], held: '2' },
      { id: '505', customerId: '1', basket: ['1', '3'], held: '2' },
      { id: '503', customerId: '2', basket: ['2', '10'], held: '3' },
      { id: '501', customerId: '1', basket: ['2', '10'], held: '1' },
    ])
  })

  it('holds out only what the customer never bought where it must be new', async () => {
    const cases = casesOf(await shopSplit('product'), 'new')
    expect(cases.map(({ id, held }) => [id, held])).toEqual([
      ['505', '3'],
      ['506', '3'],
      ['507', '3'],
    ])
  })

  it('takes two products of a type as one item', async () => {
    const split = await shopSplit('type')
    expect(plain(truthOf(split, 'B'))).toEqual({ 1: ['? | ?', 'DAIRY | BUTTER'] })
    // Order 501 holds both kinds of milk.
    const kase = casesOf(split, 'new').find(({ id }) => id === '501')
    expect(kase).toMatchObject({ basket: ['BAKERY | ?', 'DAIRY | MILK'], held: 'DAIRY | BUTTER' })
  })

  it('counts what it holds', async () => {
    expect(figuresOf(await shopSplit('product'))).toEqual({
      trainLines: 41,
      testLines: 22,
      trainOrders: 20,
      testOrders: 7,
      catalogue: 4,
      customers: 6,
      testLinesOutsideCatalogue: 2 / 19,
      A: { customers: 2, itemsMean: 3, itemsMedian: 3, newShare: 1 / 6 },
      B: { customers: 1, itemsMean: 2, itemsMedian: 2 },
      casesAny: 4,
      casesNew: 3,
    })
  })

  it('refuses a window that is empty, and a cut before everything', async () => {
    const lines = await shopLines()
    expect(() => splitAt(lines, { level: 'product', cut: END, end: CUT })).toThrow('before it starts')
    const early = { level: 'product', cut: new Date('2019-01-01'), end: END } as const
    expect(() => splitAt(lines, early)).toThrow('nothing was bought before the cut, 2019-01-01T00:00:00.000Z')
  })
})

describe('A cut', () => {
  it('never sees later data: the training purchases end before it', async () => {
    for (const level of ['product', 'type'] as const) {
      const { training } = await shopSplit(level)
      expect(training.placedAt).toHaveLength(20)
      expect(Math.max(...training.placedAt)).toBe(Date.UTC(2020, 1, 29, 23, 59, 59))
      expect(() => assertNothingAfter(training, CUT)).not.toThrow()
    }
  })

  it('is the same whatever was bought after it', async () => {
    const later = await readMerchandise(shopFolder({ more: '700,2,2020-03-03,7,1,1,330\n701,9,2020-03-03,3,1,1,330' }))
    expect(splitAt(later, { level: 'product', cut: CUT, end: END }).training).toEqual(
      (await shopSplit('product')).training,
    )
  })

  it('catches an order that was planted into the training data', () => {
    const honest = [
      { customerId: '1', placedAt: Date.UTC(2020, 1, 1), id: 'a', items: ['x'] },
      { customerId: '2', placedAt: CUT.getTime() - 1, id: 'b', items: ['x'] },
      { customerId: '3', placedAt: Date.UTC(2020, 1, 1), id: 'c', items: ['x'] },
    ]
    const leak = { customerId: '2', placedAt: CUT.getTime(), id: 'd', items: ['y'] }
    expect(() => assertNothingAfter(toPurchases(honest), CUT)).not.toThrow()
    expect(() => assertNothingAfter(toPurchases([leak, ...honest]), CUT)).toThrow(
      'the training data sees beyond the cut 2020-03-01T00:00:00.000Z: 1 of 4 orders are not before it, ' +
        'the latest of customer 2 at 2020-03-01T00:00:00.000Z',
    )
  })
})
