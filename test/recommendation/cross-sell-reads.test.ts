import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { isAside } from '../support/asides.ts'
import { productsIn } from '../support/counting.ts'
import { cypher } from '../support/graph.ts'
import { describeProducts, randomOrders, record, type TestProduct, train } from '../support/shop.ts'

type Evidence = {
  contribution: number
  share: number
  reason: string
  path: { id: string }[]
  support: Record<string, number | null> | null
}
type Named = { product: { packageSize: string | null } }
type Offer = { rank: number; score: number; product: { id: string }; evidence: Evidence[] }

const SUPPORT = 'support { orders customers support confidence lift cosine medianDays }'
const OFFERS = `query Offers($id: ID!, $model: ID, $where: OfferFilter, $first: Int = 100, $evidence: Int = 50) {
  crossSell(customerId: $id, model: $model, where: $where, first: $first, evidence: $evidence) {
    items { rank score product { id } evidence { contribution share reason path { id } ${SUPPORT} } }
  }
}`

/** Few customers, so that fewer than five stand behind some paths, and products that are not to be offered. */
const orders = randomOrders(77, 9, 14, 16)
const products: TestProduct[] = Array.from({ length: 16 }, (_, n) => ({
  id: `p${String(n).padStart(2, '0')}`,
  merchandise: n !== 1,
  active: n !== 2,
}))
const customers = [...new Set(orders.map(({ customerId }) => customerId))]

describe('crossSell, as it is read', () => {
  const test = createTestApp()
  const offers = async (variables: object): Promise<Offer[]> =>
    (await test.data(OFFERS, { role: 'ANALYST', variables })).crossSell.items

  /** An answer, and how often the database was asked for it. */
  const counting = async (query: string, variables: object) => {
    const session = vi.spyOn(test.driver, 'session')
    const asides = [vi.spyOn(test.graph, 'query'), vi.spyOn(test.graph, 'transaction')]
    try {
      const data = await test.data(query, { role: 'STOREFRONT', variables })
      const calls = asides.flatMap(({ mock }) => mock.calls as unknown[][])
      const aside = calls.filter(([name]) => typeof name !== 'string' || isAside(name)).length
      return { data, asked: session.mock.calls.length - aside }
    } finally {
      for (const spy of [session, ...asides]) spy.mockRestore()
    }
  }

  beforeAll(async () => {
    await record(test, orders)
    await describeProducts(test, products)
    await cypher(
      test.driver,
      `UNWIND ['a', 'b'] AS id MERGE (c:Category {id: id}) SET c.name = 'Category ' + id, c.level = 'TYPE'
       WITH c MATCH (p:Product) MERGE (p)-[:IN_CATEGORY]->(c)`,
    )
    await train(test)
  })

  it('neither what is not merchandise nor what is no longer sold is offered or leads anywhere', async () => {
    const bought = (id: string) => orders.filter(({ lines }) => lines.some((line) => line.productId === id)).length
    for (const id of ['p01', 'p02']) expect(bought(id)).toBeGreaterThan(5)
    for (const id of customers) {
      for (const { product, evidence } of await offers({ id, where: { includeOwned: true } })) {
        expect(['p01', 'p02']).not.toContain(product.id)
        for (const { path } of evidence) for (const { id } of path) expect(['p01', 'p02']).not.toContain(id)
      }
    }
  })

  it('counts are withheld exactly where fewer than five customers stand behind', async () => {
    const model = await test.services.model.train({ kinds: ['BOUGHT_WITH'] })
    const holding = (...ids: string[]) =>
      orders.filter((order) => ids.every((id) => productsIn(order).has(id))).map(({ customerId }) => customerId)
    let withheld = 0
    let shown = 0
    for (const id of customers) {
      for (const { product, evidence } of await offers({ id, model, where: { includeOwned: true } })) {
        for (const { path, support, reason } of evidence) {
          const both = holding(path[1]!.id, product.id)
          if (new Set(both).size < 5) {
            withheld++
            expect(support).toBeNull()
            expect(reason).toContain('fewer than 5 customers')
            expect(reason).not.toMatch(/\bin \d+ orders?\b/)
          } else {
            shown++
            expect(support).toMatchObject({ customers: new Set(both).size, orders: both.length, medianDays: null })
            expect(reason).toContain(`in ${both.length} orders`)
          }
        }
      }
    }
    expect(withheld).toBeGreaterThan(10)
    expect(shown).toBeGreaterThan(10)
  })

  it('the database is asked three times, whatever the size, nested products and their categories included', async () => {
    const query = `query Much($id: ID!, $first: Int!, $evidence: Int!) {
      crossSell(customerId: $id, first: $first, evidence: $evidence, where: { includeOwned: true }) {
        items { product { id name categories { id name parents { id } } } evidence { reason path { name } ${SUPPORT} } }
      }
    }`
    for (const [first, evidence] of [
      [1, 0],
      [100, 50],
    ]) {
      const { asked } = await counting(query, { id: customers[0], first, evidence })
      expect(asked).toBe(3)
    }
  })

  it('what an offer says of its product already is not read again, under whatever name it is asked for', async () => {
    const known = `query Known($id: ID!) {
      crossSell(customerId: $id, first: 5, where: { includeOwned: true }) {
        items { product { name: id id: name __typename ...More ... on Product { price type } } }
      }
    }
    fragment More on Product { brand department category active merchandise }`
    const { asked, data } = await counting(known, { id: customers[0] })
    expect(asked).toBe(2)
    expect(data.crossSell.items).toHaveLength(5)
    // The size of its package is not among what is known: it is read, with all the rest.
    const read = await counting(known.replace('price', 'price packageSize'), { id: customers[0] })
    expect(read.asked).toBe(3)
    const without = read.data.crossSell.items.map(({ product: { packageSize: _, ...rest } }: Named) => ({
      product: rest,
    }))
    expect(without).toEqual(data.crossSell.items)
  })

  it('what is selected below a product comes under its own name, alias or fragment', async () => {
    const { one, two } = await test.data(
      `query Named($id: ID!) {
        one: crossSell(customerId: $id, first: 2, where: { includeOwned: true }) {
          items { product { key: id id: name groups: categories(sort: [{ id: ASC }], limit: 1) { id } } }
        }
        two: crossSell(customerId: $id, first: 2, where: { includeOwned: true }) {
          items { best: product { ...Named } product { categoriesConnection(first: 1) { totalCount } } }
        }
      }
      fragment Named on Product { __typename name ... on Product { categories(sort: [{ id: DESC }]) { id } } }`,
      { role: 'STOREFRONT', variables: { id: customers[0] } },
    )
    const [first] = await offers({ id: customers[0], where: { includeOwned: true } })
    const name = `Product ${first!.product.id}`
    expect(one.items[0].product).toEqual({ key: first!.product.id, id: name, groups: [{ id: 'a' }] })
    expect(two.items[0]).toEqual({
      best: { __typename: 'Product', name, categories: [{ id: 'b' }, { id: 'a' }] },
      product: { categoriesConnection: { totalCount: 2 } },
    })
    expect(one.items).toHaveLength(2)
  })
})
