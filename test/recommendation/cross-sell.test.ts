import { beforeAll, describe, expect, it } from 'vitest'
import { seeded } from '../../src/random.ts'
import { createTestApp } from '../support/app.ts'
import { isAside } from '../support/asides.ts'
import { cypher } from '../support/graph.ts'
import { day, describeProducts, order, record, type TestOrder, train } from '../support/shop.ts'

const QUERY = `query Ask($id: ID!, $first: Int = 10, $where: OfferFilter, $model: ID, $evidence: Int = 3) {
  crossSell(customerId: $id, first: $first, where: $where, model: $model, evidence: $evidence) {
    asOf source note model { id }
    items { rank score reason otherContribution product { id name categories { id } }
      evidence { kind contribution share reason path { label id name relationship direction } support { orders customers lift } } } } }`

const PRODUCTS = 12
const CUSTOMERS = 14

/** Fourteen customers with a taste each: products near their own number, so that nobody has bought everything. */
function orders(): TestOrder[] {
  const next = seeded(23)
  const all: TestOrder[] = []
  for (let customer = 0; customer < CUSTOMERS; customer++) {
    for (let at = 0; at < 9; at++) {
      const products = new Set<string>()
      while (products.size < 3) products.add(`p${Math.floor((customer / 2 + next() * 6) % PRODUCTS)}`)
      all.push(order(`o${customer}-${at}`, `c${customer}`, day(1 + at * 7 + customer), [...products]))
    }
  }
  return all
}
const DETAILS = Array.from({ length: PRODUCTS }, (_, n) => ({
  id: `p${n}`,
  brand: n % 2 === 0 ? 'National' : 'Private',
  department: n < 6 ? 'GROCERY' : 'DRUG GM',
  category: n % 3 === 0 ? 'PASTA' : 'SOAP',
  type: 'DRY',
  price: n,
}))

describe('crossSell', () => {
  const app = createTestApp()
  const recorded = orders()
  let model: string
  const ask = (variables: object) => app.ask(QUERY, { role: 'STOREFRONT', variables })
  const list = async (variables: object) => {
    const { data, errors } = await ask(variables)
    expect(errors).toBeUndefined()
    return data.crossSell
  }
  const ids = ({ items }: { items: { product: { id: string } }[] }) => items.map(({ product }) => product.id)
  const bought = (id: string) =>
    new Set(
      recorded
        .filter(({ customerId }) => customerId === id)
        .flatMap(({ lines }) => lines.map((line) => line.productId)),
    )

  beforeAll(async () => {
    await record(app, recorded)
    await record(app, [
      order('only-fuel', 'c-new', day(3), ['p-fuel']),
      { ...order('nothing', 'c-empty', day(3), []), revision: 1 },
    ])
    await describeProducts(app, [...DETAILS, { id: 'p-fuel', merchandise: false }])
    model = await train(app)
  })

  it.each([0, 1, 3, 50])('adds up to the score with %i evidence shown', async (evidence) => {
    for (let customer = 0; customer < CUSTOMERS; customer++) {
      const { items } = await list({ id: `c${customer}`, evidence })
      for (const offer of items) {
        const shown = offer.evidence.map(({ contribution }: { contribution: number }) => contribution)
        const sum = shown.reduce((total: number, part: number) => total + part, 0)
        expect(Math.abs(sum + offer.otherContribution - offer.score)).toBeLessThan(1e-9 * offer.score)
        expect(shown).toEqual([...shown].sort((a, b) => Math.abs(b) - Math.abs(a)))
        expect(offer.evidence.length).toBeLessThanOrEqual(evidence)
      }
    }
  })

  it('says what it rests on: the model, the day its data speaks of, and that it was computed now', async () => {
    const latest = recorded
      .map(({ placedAt }) => placedAt)
      .sort()
      .at(-1)!
    expect(await list({ id: 'c3' })).toMatchObject({
      asOf: `${latest.slice(0, 10)}T00:00:00.000Z`,
      source: 'LIVE',
      note: null,
      model: { id: model },
    })
  })

  it('offers what is owned only when asked to, and ranks from 1 without gaps', async () => {
    const fresh = await list({ id: 'c0', first: 100 })
    expect(ids(fresh).filter((id) => bought('c0').has(id))).toEqual([])
    const all = await list({ id: 'c0', first: 100, where: { includeOwned: true } })
    expect(ids(all).some((id) => bought('c0').has(id))).toBe(true)
    expect(ids(all).filter((id) => !bought('c0').has(id))).toEqual(ids(fresh))
    expect(all.items.map(({ rank }: { rank: number }) => rank)).toEqual(
      all.items.map((_: unknown, at: number) => at + 1),
    )
  })

  it.each([
    [{ categories: ['department:GROCERY'] }, (n: number) => n < 6],
    [{ categories: ['PASTA | DRY'] }, (n: number) => n % 3 === 0],
    [{ excludeCategories: ['category:SOAP'] }, (n: number) => n % 3 === 0],
    [{ brands: ['Private'] }, (n: number) => n % 2 === 1],
    [{ excludeProducts: ['p1', 'p8'] }, (n: number) => n !== 1 && n !== 8],
    [{ minPrice: 4 }, (n: number) => n >= 4],
    [{ maxPrice: 7 }, (n: number) => n <= 7],
    [{ categories: [] }, () => true],
  ])('keeps with %j exactly what passes, in the same order', async (where, passes) => {
    for (const id of ['c0', 'c5', 'c11']) {
      const all = ids(await list({ id, first: 100, where: { includeOwned: true } }))
      const some = ids(await list({ id, first: 100, where: { includeOwned: true, ...where } }))
      expect(some).toEqual(all.filter((product) => passes(Number(product.slice(1)))))
    }
  })

  it('never offers what is no longer sold', async () => {
    const [gone] = ids(await list({ id: 'c4' }))
    await cypher(app.driver, 'MATCH (p:Product {id: $gone}) SET p.active = false', { gone })
    expect(ids(await list({ id: 'c4', first: 100 }))).not.toContain(gone)
    await cypher(app.driver, 'MATCH (p:Product {id: $gone}) SET p.active = true', { gone })
  })

  it('shows paths from the customer to the product, and says why in words', async () => {
    for (const { product, evidence, reason } of (await list({ id: 'c2', evidence: 50 })).items) {
      expect(reason).toBe(evidence[0].reason)
      for (const { path, kind } of evidence) {
        expect(path[0]).toMatchObject({ label: 'Customer', id: 'c2', name: 'this customer', relationship: null })
        expect(path.at(-1)).toMatchObject({ label: 'Product', id: product.id, direction: 'OUT' })
        if (kind === 'SIMILAR_CUSTOMER')
          expect(path[1]).toMatchObject({ label: 'Customer', id: null, name: 'similar customers' })
        if (kind === 'ITEM_MODEL') expect(path[1]).toMatchObject({ relationship: 'BOUGHT', direction: 'OUT' })
        if (path[1].label === 'Product') expect(bought('c2').has(path[1].id)).toBe(true)
      }
    }
  })

  it('answers from an older model when it is named', async () => {
    const older = model
    model = await train(app)
    expect((await list({ id: 'c1', model: older })).model.id).toBe(older)
    expect((await list({ id: 'c1' })).model.id).toBe(model)
  })

  it('answers what leads nowhere by an empty list and a note', async () => {
    expect(await list({ id: 'c1', where: { brands: ['Nobody'] } })).toMatchObject({
      items: [],
      note: 'No path from this customer leads to a product that passes the filters.',
    })
  })

  it('who has bought nothing, or nothing that is merchandise, is offered what is on the rise', async () => {
    for (const id of ['c-empty', 'c-new']) {
      const { items } = await list({ id })
      expect(items.length).toBeGreaterThan(0)
      for (const { evidence } of items) expect(evidence.map(({ kind }: { kind: string }) => kind)).toEqual(['TRENDING'])
    }
  })

  it.each([{ id: 'nobody' }, { id: 'c1', model: 'no-model' }, { id: 'c1"}) DETACH DELETE n //' }, { id: "' OR 1=1" }])(
    'names what does not exist in %j',
    async (variables) => {
      const { errors } = await ask(variables)
      expect(errors![0]!.extensions.code).toBe('NOT_FOUND')
      expect(errors![0]!.message).toContain(JSON.stringify(Object.values(variables).at(-1)))
    },
  )

  it.each([
    [{ id: 'c1', first: 0 }, 'first'],
    [{ id: 'c1', first: 1_000_000 }, 'first'],
    [{ id: 'c1', evidence: 51 }, 'evidence'],
    [{ id: 'c1', evidence: -1 }, 'evidence'],
    [{ id: '' }, 'customerId'],
    [{ id: 'a\u0000b' }, 'customerId'],
    [{ id: 'x'.repeat(1_000_000) }, 'customerId'],
    [{ id: 'c1', where: { minPrice: 3, maxPrice: 2 } }, 'where.minPrice'],
    [{ id: 'c1', where: { categories: ['\n'] } }, 'where.categories'],
  ])('refuses bad input and names the field (case %#)', async (variables, field) => {
    expect((await ask(variables)).errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field })
  })

  it('needs the same few statements for one offer as for all', async () => {
    const count = async () => {
      const text = await (await fetch(`${app.url}/metrics`)).text()
      const counted = text.matchAll(/^alongside_statement_seconds_count\{statement="([^"]*)"[^}]*\} (\d+)$/gm)
      const ours = [...counted].filter(([, name]) => !isAside(name!))
      return ours.reduce((sum, [, , n]) => sum + Number(n), 0)
    }
    const before = await count()
    await list({ id: 'c0', first: 1 })
    const between = await count()
    await list({ id: 'c0', first: 100, evidence: 50 })
    // The customer and the model; the offers, and one for each kind; and one generated read for the products.
    expect([between - before, (await count()) - between]).toEqual([6, 6])
  })
})
