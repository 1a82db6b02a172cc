import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LoadOptions, type LoadReport, loadJourney } from '../../src/ingest/load.ts'
import { changeContacts, NO_CONTACTS, openContacts, type SealedContacts } from '../../src/pii/contacts.ts'
import { createTestGraph, cypher, empty } from '../support/graph.ts'
import { testVault } from '../support/pii.ts'
import { dump, type Files, shop, writeFiles } from './shopFiles.ts'

describe('Loading files', () => {
  const test = createTestGraph()
  const removals: (() => void)[] = []

  beforeEach(() => empty(test.driver))
  afterEach(() => {
    for (const remove of removals.splice(0)) remove()
  })

  function load(files: Files, options: Partial<LoadOptions> = {}): Promise<LoadReport> {
    const { dataDir, remove } = writeFiles(files)
    removals.push(remove)
    return loadJourney(test.graph, { dataDir, ...options })
  }
  const ask = <T extends object>(text: string) => cypher<T>(test.driver, text)

  it('sums the lines of a product in an order, and the three discounts', async () => {
    await load(shop())
    expect(
      await ask(
        `MATCH (:Order {id: 'A'})-[r:CONTAINS]->(p) RETURN p.id AS product, r.quantity AS quantity, r.value AS value,
                round(r.discount, 6) AS discount ORDER BY product`,
      ),
    ).toEqual([
      { product: 'fuel', quantity: 5000, value: 20, discount: 0 },
      { product: 'milk', quantity: 3, value: 5, discount: 0.9 },
    ])
  })

  it('keeps whole orders, in batches of any size, with their customer, time, store and value', async () => {
    const expected = [
      { id: 'A', customer: '1', at: '2017-01-05T10:00:00.000Z', store: 's1', value: 25, counted: true },
      { id: 'B', customer: '2', at: '2017-01-05T10:00:00.000Z', store: 's1', value: 4, counted: true },
      { id: 'C', customer: '1', at: '2017-02-01T09:30:00.000Z', store: 's2', value: 1, counted: false },
      { id: 'D', customer: '3', at: '2017-02-10T12:00:00.000Z', store: 's2', value: 0, counted: false },
      { id: 'E', customer: '2', at: '2017-03-01T00:00:00.000Z', store: 's2', value: 8, counted: true },
      { id: 'F', customer: '1', at: '2017-04-01T08:00:00.000Z', store: 's1', value: 4, counted: true },
    ]
    const dumps: string[][] = []
    for (const batchRows of [1, 3, 5_000]) {
      await empty(test.driver)
      await load(shop(), { batchRows })
      const orders = await ask(
        `MATCH (c:Customer)-[:PLACED]->(o:Order) RETURN o.id AS id, c.id AS customer, o.placedAt AS at, o.storeId AS store,
                o.value AS value, o.counted AS counted ORDER BY id`,
      )
      expect(orders).toEqual(expected)
      dumps.push(await dump(test))
    }
    expect(dumps[1]).toEqual(dumps[0])
    expect(dumps[2]).toEqual(dumps[0])
  })

  it('counts as BOUGHT only what has a quantity and a value, and keeps the rest in the order', async () => {
    await load(shop())
    expect(
      await ask(
        `MATCH (c)-[b:BOUGHT]->(p) RETURN c.id + ' ' + p.id AS pair, b.orders AS orders, b.quantity AS quantity,
                b.value AS value, b.firstAt AS firstAt, b.lastAt AS lastAt ORDER BY pair`,
      ),
    ).toEqual([
      { pair: '1 fuel', orders: 1, quantity: 5000, value: 20, ...between('2017-01-05T10:00', '2017-01-05T10:00') },
      { pair: '1 milk', orders: 2, quantity: 4, value: 9, ...between('2017-01-05T10:00', '2017-04-01T08:00') },
      { pair: '2 bread', orders: 1, quantity: 2, value: 4, ...between('2017-01-05T10:00', '2017-01-05T10:00') },
      { pair: '2 ghost', orders: 1, quantity: 1, value: 7, ...between('2017-03-01T00:00', '2017-03-01T00:00') },
      { pair: '2 milk', orders: 1, quantity: 1, value: 1, ...between('2017-03-01T00:00', '2017-03-01T00:00') },
    ])
    expect(await ask(`MATCH (:Order)-[r:CONTAINS]->() RETURN count(r) AS lines`)).toEqual([{ lines: 9 }])
  })

  it('makes a product that no file names, and says which products are merchandise', async () => {
    await load(shop())
    const products = await ask<{ id: string }>(
      `MATCH (p:Product) RETURN p.id AS id, p.name AS name, p.merchandise AS merchandise, p.active AS active,
              p.origin AS origin, p.price AS price, [(p)-[:IN_CATEGORY]->(t) | t.id] AS categories ORDER BY id`,
    )
    const common = { active: true, origin: 'IMPORT' }
    expect(products).toEqual([
      {
        ...common,
        id: 'bread',
        name: 'WHITE BREAD, Private, 1, large',
        merchandise: true,
        price: 2,
        categories: ['BAKED BREAD | WHITE BREAD'],
      },
      { ...common, id: 'fuel', name: 'FUEL, National', merchandise: false, price: 0, categories: ['FUEL | FUEL'] },
      { ...common, id: 'ghost', name: 'Unknown product ghost', merchandise: false, price: 7, categories: [] },
      // 5/3, 1 and 4: the median.
      {
        ...common,
        id: 'milk',
        name: 'MILK WHOLE, National, 1 L',
        merchandise: true,
        price: 1.67,
        categories: ['FLUID MILK | MILK WHOLE'],
      },
      { ...common, id: 'nameless', name: 'Product nameless', merchandise: false, price: null, categories: [] },
      { ...common, id: 'partial', name: 'SALAD, Private', merchandise: true, price: null, categories: ['? | SALAD'] },
      {
        ...common,
        id: 'voucher',
        name: 'VOUCHER, National',
        merchandise: false,
        price: null,
        categories: ['COUPON/MISC ITEMS | VOUCHER'],
      },
    ])
  })

  it('puts types under categories under departments', async () => {
    await load(shop())
    const [milk] = await ask(
      `MATCH (t:Category {id: 'FLUID MILK | MILK WHOLE'})-[:PARENT]->(c)-[:PARENT]->(d)
       RETURN t.name AS type, t.level AS a, c.id AS category, c.level AS b, d.id AS department, d.level AS c`,
    )
    expect(milk).toEqual({
      type: 'MILK WHOLE',
      a: 'TYPE',
      category: 'category:FLUID MILK',
      b: 'CATEGORY',
      department: 'department:GROCERY',
      c: 'DEPARTMENT',
    })
    expect(await ask(`MATCH (:Category {id: '? | SALAD'})-[:PARENT]->(p) RETURN p.id AS id`)).toEqual([
      { id: 'department:DELI' },
    ])
  })

  it('knows customers by their attributes and groups, campaigns by who got and who redeemed them', async () => {
    await load(shop())
    expect(await ask(`MATCH (:Customer {id: '2'})-[:BELONGS_TO]->(g) RETURN g.id AS id ORDER BY id`)).toEqual([
      { id: 'age:25-34' },
      { id: 'householdComposition:1 Adult No Kids' },
      { id: 'householdSize:1' },
      { id: 'kids:0' },
    ])
    expect(
      await ask(
        `MATCH (c)-[:HAD]->(i:Interaction)-[:WITH]->(campaign)
         RETURN c.id AS customer, i.type AS type, campaign.id AS campaign, i.couponId AS coupon ORDER BY type, campaign, customer`,
      ),
    ).toEqual([
      { customer: '1', type: 'REDEEMED', campaign: '10', coupon: 'up1' },
      { customer: '1', type: 'REDEEMED', campaign: '11', coupon: 'up2' },
      { customer: '1', type: 'SENT', campaign: '10', coupon: null },
      { customer: '2', type: 'SENT', campaign: '10', coupon: null },
      { customer: '1', type: 'SENT', campaign: '11', coupon: null },
      { customer: '4', type: 'SENT', campaign: '11', coupon: null },
    ])
    expect(
      await ask(
        `MATCH (c:Campaign)-[:OFFERS]->(k)-[:FOR]->(p), (c)-[:PROMOTES]->(p) RETURN k.id AS coupon, p.id AS product ORDER BY coupon, product`,
      ),
    ).toEqual([
      { coupon: 'up1', product: 'bread' },
      { coupon: 'up1', product: 'milk' },
      { coupon: 'up2', product: 'milk' },
    ])
  })

  it('takes on what a newer file says of products and customers, and leaves no old category or group', async () => {
    await load(shop())
    await load(
      shop({
        products: ['milk,m1,DELI,National,FRESH,MILK,1 L'],
        demographics: ['2,35-44,,,,,,'],
      }),
    )
    expect(await ask(`MATCH (:Product {id: 'milk'})-[:IN_CATEGORY]->(t) RETURN t.id AS id`)).toEqual([
      { id: 'FRESH | MILK' },
    ])
    expect(await ask(`MATCH (:Customer {id: '2'})-[:BELONGS_TO]->(g) RETURN g.id AS id`)).toEqual([{ id: 'age:35-44' }])
  })

  it('takes only what happened before --until; loading all later gives what loading all at once gives', async () => {
    const until = new Date('2017-03-01T00:00:00Z')
    await load(shop(), { until })
    const [known] = await ask(
      `RETURN COLLECT { MATCH (o:Order) RETURN o.id ORDER BY o.id } AS orders,
              COLLECT { MATCH (c:Campaign) RETURN c.id } AS campaigns,
              COLLECT { MATCH (k:Coupon) RETURN k.id } AS coupons,
              COLLECT { MATCH (i:Interaction) RETURN i.id ORDER BY i.id } AS interactions,
              COUNT { (:Product {id: 'ghost'}) } AS ghosts,
              COLLECT { MATCH (p:Product {id: 'milk'}) RETURN p.price } AS price`,
    )
    expect(known).toEqual({
      orders: ['A', 'B', 'C', 'D'],
      campaigns: ['10'],
      coupons: ['up1'],
      interactions: ['redeemed:10:1:up1:2017-02-01', 'sent:10:1', 'sent:10:2'],
      ghosts: 0,
      price: [1.67],
    })
    await load(shop())
    const later = await dump(test)
    await empty(test.driver)
    await load(shop())
    expect(later).toEqual(await dump(test))
  })

  it('needs only order lines and products', async () => {
    const { order_lines = [], products = [] } = shop()
    const { counts, rejected } = await load({ order_lines, products })
    expect({ counts, rejected }).toEqual({ counts: { products: 6, order_lines: 10 }, rejected: 0 })
    await expect(load({ order_lines })).rejects.toThrow(/has no products.csv or products.csv.gz$/)
    await expect(load({ products })).rejects.toThrow(/has no order_lines.csv or order_lines.csv.gz$/)
  })

  it('loads promotions by week only when asked to', async () => {
    const weeks = `MATCH (p)-[r:PROMOTED_IN]->(w:Week) RETURN p.id AS product, w.id AS week, r.stores AS stores, r.display AS display,
                          r.mailer AS mailer ORDER BY week`
    await load(shop())
    expect(await ask(weeks)).toEqual([])
    await load(shop(), { promotions: true })
    expect(await ask(weeks)).toEqual([
      { product: 'milk', week: 1, stores: 5, display: 3, mailer: 2 },
      { product: 'milk', week: 2, stores: 1, display: 0, mailer: 1 },
    ])
  })

  it('makes up contacts only when asked to, the same each time, and never over what is known', async () => {
    const { order_lines = [] } = shop()
    const many = Array.from({ length: 400 }, (_, at) => `X${at},c${at},2017-05-01T0${at % 9}:00:00Z,milk,1,1,0,0,0,s1`)
    const files = shop({
      order_lines: [...order_lines, ...many.sort((a, b) => (a.split(',')[2]! < b.split(',')[2]! ? -1 : 1))],
    })
    await load(files)
    expect(await ask('MATCH (c:Customer) WHERE c.synthetic OR c.language IS NOT NULL RETURN c.id AS id')).toEqual([])
    const real = changeContacts(testVault, '1', NO_CONTACTS, { name: 'Zofia' })
    await cypher(test.driver, `MATCH (c:Customer {id: '1'}) SET c.language = 'de', c += $real`, { real })
    await load(files, { syntheticContacts: testVault })
    const [made] = await ask<{ customers: number; consenting: number; languages: string[]; kept: string }>(
      `MATCH (c:Customer {synthetic: true}) WHERE c.timeZone CONTAINS '/'
       RETURN count(c) AS customers, count(CASE WHEN EXISTS { (c)-[:GAVE]->(:Consent {purpose: 'MARKETING', granted: true, source: 'synthetic'}) } THEN 1 END) AS consenting,
              COLLECT { MATCH (x:Customer) WHERE x.id <> '1' WITH DISTINCT x.language AS l ORDER BY l RETURN l } AS languages,
              COLLECT { MATCH (x:Customer {id: '1'}) RETURN x.language } AS kept`,
    )
    expect(made).toMatchObject({ customers: 404, languages: ['en', 'pl'], kept: ['de'] })
    expect(made!.consenting / 404).toBeGreaterThan(0.6)
    expect(made!.consenting / 404).toBeLessThan(0.8)
    const contacts = async () => {
      const rows = await ask<{ c: { id: string } & SealedContacts }>(
        'MATCH (c:Customer) RETURN c {.*} AS c ORDER BY c.id',
      )
      return rows.map(({ c }) => ({ id: c.id, ...openContacts(testVault, c.id, { ...NO_CONTACTS, ...c }) }))
    }
    const first = await contacts()
    expect(first.filter(({ id }) => id === '1')).toEqual([{ id: '1', name: 'Zofia', email: null, phone: null }])
    for (const { name, email, phone } of first.filter(({ id }) => id !== '1')) {
      expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/)
      expect(email).toMatch(/^[a-z]+\.[a-z]+\.[0-9a-f]{8}@example\.(com|net|org)$/)
      expect(phone).toMatch(/^\+1\d{3}55501\d{2}$/)
    }
    const before = await dump(test)
    await load(files, { syntheticContacts: testVault })
    expect(await dump(test)).toEqual(before)
    await empty(test.driver)
    await load(files, { syntheticContacts: testVault })
    expect((await contacts()).slice(1)).toEqual(first.slice(1))
  })

  it('leaves an order of the service as the service recorded it', async () => {
    await ask(
      `CREATE (:Customer {id: '7'})-[:PLACED]->(:Order {id: 'A', revision: 3, placedAt: datetime('2024-01-01T00:00Z'), value: 1.0, counted: true})
              -[:CONTAINS {quantity: 1.0, value: 1.0, discount: 0.0}]->(:Product {id: 'bread', name: 'Bread'})`,
    )
    await load(shop())
    expect(
      await ask(
        `MATCH (c)-[:PLACED]->(o:Order {id: 'A'})-[:CONTAINS]->(p) RETURN c.id AS customer, o.revision AS revision, p.id AS product`,
      ),
    ).toEqual([{ customer: '7', revision: 3, product: 'bread' }])
  })
})

const between = (first: string, last: string) => ({ firstAt: `${first}:00.000Z`, lastAt: `${last}:00.000Z` })
