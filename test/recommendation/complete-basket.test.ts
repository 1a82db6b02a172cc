import { beforeAll, describe, expect, it } from 'vitest'
import { seeded } from '../../src/random.ts'
import { createTestApp } from '../support/app.ts'
import { day, describeProducts, order, record, type TestOrder, train } from '../support/shop.ts'

const QUERY = `query Basket($productIds: [ID!]!, $customerId: ID, $first: Int = 10, $where: OfferFilter, $evidence: Int = 3) {
  completeBasket(productIds: $productIds, customerId: $customerId, first: $first, where: $where, evidence: $evidence) {
    asOf source note model { id }
    items { rank score reason otherContribution product { id name categories { id } }
      evidence { kind contribution share reason path { label id name relationship direction } support { orders customers } } } } }`

type Items = {
  score: number
  otherContribution: number
  product: { id: string }
  evidence: { contribution: number; path: { label: string; id: string }[]; reason: string }[]
}[]

/** Twelve customers, ten orders each, four of eight products in each. */
function orders(): TestOrder[] {
  const next = seeded(11)
  const all: TestOrder[] = []
  for (let customer = 0; customer < 12; customer++) {
    for (let at = 0; at < 10; at++) {
      const products = new Set<string>()
      while (products.size < 4) products.add(`p${Math.floor(next() ** 1.5 * 8)}`)
      all.push(order(`o${customer}-${at}`, `c${customer}`, day(1 + at), [...products]))
    }
  }
  return all
}

describe('completeBasket', () => {
  const app = createTestApp()
  const recorded = orders()
  const basket = async (variables: object) =>
    (await app.data(QUERY, { role: 'STOREFRONT', variables })).completeBasket as { items: Items; note: string | null }
  const refused = async (variables: object) => (await app.ask(QUERY, { role: 'STOREFRONT', variables })).errors![0]!

  beforeAll(async () => {
    await record(app, recorded)
    await record(app, [order('fuel', 'c-fuel', day(1), ['p-fuel'])])
    await describeProducts(app, [
      ...Array.from({ length: 8 }, (_, n) => ({ id: `p${n}` })),
      { id: 'p-fuel', merchandise: false },
    ])
    await train(app)
  })

  it('takes a product that is named twice as one', async () => {
    const once = await basket({ productIds: ['p0', 'p5'], evidence: 50 })
    expect((await basket({ productIds: ['p0', 'p5', 'p0'], evidence: 50 })).items).toEqual(once.items)
  })

  it.each([0, 1, 2, 50])('adds up to the score with %i evidence shown', async (evidence) => {
    const { items } = await basket({ productIds: ['p0', 'p1', 'p2'], evidence })
    for (const offer of items) {
      const shown = offer.evidence.reduce((sum, { contribution }) => sum + contribution, 0)
      expect(offer.evidence.length).toBeLessThanOrEqual(evidence)
      expect(Math.abs(shown + offer.otherContribution - offer.score)).toBeLessThan(1e-9 * offer.score)
    }
  })

  it('shows paths that begin in the basket, and says so', async () => {
    const { items } = await basket({ productIds: ['p0'], evidence: 1 })
    const [evidence] = items[0]!.evidence
    expect(evidence!.path.map(({ label, id }) => `${label} ${id}`)).toEqual([
      'Product p0',
      `Product ${items[0]!.product.id}`,
    ])
    expect(evidence!.reason).toMatch(/Product p0 is in the basket$/)
  })

  it('never offers what is in the basket, nor what is no merchandise', async () => {
    const { items } = await basket({ productIds: ['p0', 'p3'], first: 100 })
    const offered = items.map(({ product }) => product.id)
    expect(offered).not.toContain('p0')
    expect(offered).not.toContain('p3')
    expect(offered).not.toContain('p-fuel')
  })

  it('offers what the customer owns, unless includeOwned is false', async () => {
    const owned = new Set(
      recorded
        .filter(({ customerId }) => customerId === 'c1')
        .flatMap(({ lines }) => lines.map((line) => line.productId)),
    )
    const all = (await basket({ productIds: ['p0'], customerId: 'c1' })).items.map(({ product }) => product.id)
    expect(all.some((id) => owned.has(id))).toBe(true)
    const fresh = (await basket({ productIds: ['p0'], customerId: 'c1', where: { includeOwned: false } })).items
    expect(fresh.map(({ product }) => product.id)).toEqual(all.filter((id) => !owned.has(id)))
  })

  it('answers a basket that leads nowhere with an empty list and a note', async () => {
    const { items, note } = await basket({ productIds: ['p-fuel'] })
    expect(items).toEqual([])
    expect(note).toBe('Nothing that passes the filters goes with this basket.')
  })

  it.each([
    [{ productIds: [] }, 'productIds'],
    [{ productIds: [''] }, 'productIds'],
    [{ productIds: ['p0'], first: 0 }, 'first'],
    [{ productIds: ['p0'], evidence: 51 }, 'evidence'],
  ])('refuses %j and names the field', async (variables, field) => {
    expect((await refused(variables)).extensions).toEqual({ code: 'BAD_USER_INPUT', field })
  })

  it('names an unknown product or customer', async () => {
    expect(await refused({ productIds: ['p0', 'nothing'] })).toMatchObject({
      message: expect.stringContaining('nothing'),
      extensions: { code: 'NOT_FOUND' },
    })
    expect(await refused({ productIds: ['p0'], customerId: 'nobody' })).toMatchObject({
      message: expect.stringContaining('nobody'),
      extensions: { code: 'NOT_FOUND' },
    })
  })
})
