import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { type CountedAffinity, countAffinities } from '../support/counting.ts'
import { day, emptyShop, line, order, randomOrders, record } from '../support/shop.ts'

const KINDS = ['BOUGHT_WITH', 'BOUGHT_AFTER'] as const
type Kind = (typeof KINDS)[number]
type Options = { first?: number; minOrders?: number }

const AFFINITIES = `query Affinities($productId: ID!, $kind: AffinityKind!, $first: Int!, $minOrders: Int!) {
  affinities(productId: $productId, kind: $kind, first: $first, minOrders: $minOrders) {
    of { id } product { id } orders support confidence lift cosine medianDays
  }
}`

describe('affinities', () => {
  const test = createTestApp()

  const ask = (productId: string, kind: Kind, { first = 100, minOrders = 1 }: Options = {}) =>
    test.ask(AFFINITIES, { role: 'ANALYST', variables: { productId, kind, first, minOrders } })

  async function affinities(productId: string, kind: Kind, options?: Options): Promise<CountedAffinity[]> {
    const answer = await ask(productId, kind, options)
    expect(answer.errors).toBeUndefined()
    type Row = Omit<CountedAffinity, 'productId'> & { of: { id: string }; product: { id: string } }
    return (answer.data.affinities as Row[]).map(({ of, product, ...counts }) => {
      expect(of.id).toBe(productId)
      return { productId: product.id, ...counts }
    })
  }

  describe('over a handful of orders, counted by hand', () => {
    beforeAll(async () => {
      await emptyShop(test)
      await record(test, [
        order('o1', 'c1', day(1), ['A', 'B']),
        order('o2', 'c1', day(3), ['B', 'C']),
        order('o3', 'c2', day(1), ['A', 'B', line('C', 0, 0)]),
        order('o4', 'c2', day(1), ['C']), // at the same moment as o3: neither is after the other
        order('o5', 'c2', day(6), ['A', line('B', 1, 0)]), // nothing was paid for B
        order('o6', 'c3', day(2), [line('A', 1, 0), line('A', 0, 2)]), // only summed is A in it
        order('o7', 'c3', day(4), [line('Z', 0, 3)]), // holds nothing: not an order that counts
        order('o8', 'c3', day(9), ['C']),
      ])
    })

    it('BOUGHT_WITH is over the seven orders that hold something', async () => {
      expect(await affinities('A', 'BOUGHT_WITH')).toEqual([
        expected('B', { orders: 2, support: 2 / 7, confidence: 2 / 4, lift: 7 / 6, cosine: 2 / Math.sqrt(12) }),
      ])
      expect(await affinities('B', 'BOUGHT_WITH')).toEqual([
        expected('A', { orders: 2, support: 2 / 7, confidence: 2 / 3, lift: 7 / 6, cosine: 2 / Math.sqrt(12) }),
        expected('C', { orders: 1, support: 1 / 7, confidence: 1 / 3, lift: 7 / 9, cosine: 1 / 3 }),
      ])
    })

    it('BOUGHT_AFTER is over the four pairs of an earlier and a strictly later order', async () => {
      expect(await affinities('A', 'BOUGHT_AFTER')).toEqual([
        expected('C', { orders: 2, support: 2 / 4, confidence: 2 / 3, lift: 4 / 3, cosine: 2 / Math.sqrt(6) }, 4.5),
        expected('B', { orders: 1, support: 1 / 4, confidence: 1 / 3, lift: 4 / 3, cosine: 1 / Math.sqrt(3) }, 2),
      ])
    })

    it('a product bought again is no affinity of itself', async () => {
      const later = await affinities('A', 'BOUGHT_AFTER')
      expect(later.length).toBeGreaterThan(0)
      expect(later.map(({ productId }) => productId)).not.toContain('A')
    })

    it('minOrders and first leave out the rarer and the less alike', async () => {
      expect((await affinities('A', 'BOUGHT_AFTER', { minOrders: 2 })).map(({ productId }) => productId)).toEqual(['C'])
      expect((await affinities('B', 'BOUGHT_WITH', { first: 1 })).map(({ productId }) => productId)).toEqual(['A'])
      expect(await affinities('B', 'BOUGHT_WITH', { minOrders: 3 })).toEqual([])
    })

    it.each(KINDS)('a product that no order really holds has none (%s)', async (kind) => {
      expect(await affinities('Z', kind)).toEqual([])
    })

    it.each(KINDS)('an unknown product is named as not found (%s)', async (kind) => {
      const { errors } = await ask('nowhere', kind)
      expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
      expect(errors![0]!.message).toContain('"nowhere"')
    })

    it.each([
      ['first', { first: 0 }],
      ['first', { first: 101 }],
      ['first', { first: -1 }],
      ['minOrders', { minOrders: 0 }],
    ])('%s out of bounds is refused by name: %j', async (field, options) => {
      const { errors } = await ask('A', 'BOUGHT_WITH', options)
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }])
    })
  })

  describe('over hundreds of random orders, counted again in TypeScript', () => {
    const orders = randomOrders(20240101)
    const productIds = [...new Set(orders.flatMap(({ lines }) => lines.map(({ productId }) => productId)))].sort()

    beforeAll(async () => {
      await emptyShop(test)
      expect(await record(test, orders)).toEqual({ accepted: 320, duplicates: 0, rejected: [] })
    })

    it('the orders hold what makes counting hard', () => {
      const moments = orders.map(({ customerId, placedAt }) => `${customerId} ${placedAt}`)
      expect(new Set(moments).size, 'orders of a customer at one moment').toBeLessThan(moments.length - 20)
      const lines = orders.flatMap((order) => order.lines)
      expect(lines.filter(({ quantity, value }) => quantity === 0 || value === 0).length).toBeGreaterThan(100)
      const repeated = orders.filter((o) => new Set(o.lines.map((l) => l.productId)).size < o.lines.length)
      expect(repeated.length, 'several lines of a product').toBeGreaterThan(50)
    })

    it.each(KINDS)(
      'every field of every affinity of every product agrees, in the order promised (%s)',
      async (kind) => {
        for (const productId of productIds) {
          const counted = countAffinities(orders, productId, kind)
          expect(await affinities(productId, kind), productId).toEqual(
            counted.map(({ productId, medianDays, ...counts }) => expected(productId, counts, medianDays)),
          )
        }
      },
    )

    it.each(KINDS)('minOrders filters before first cuts (%s)', async (kind) => {
      const counted = countAffinities(orders, 'p03', kind)
      const minOrders = Math.ceil(counted.reduce((sum, { orders }) => sum + orders, 0) / counted.length)
      const wanted = counted.filter(({ orders }) => orders >= minOrders)
      expect(wanted.length).toBeLessThan(counted.length)
      expect(wanted.length).toBeGreaterThan(5)
      expect((await affinities('p03', kind, { minOrders, first: 5 })).map(({ productId }) => productId)).toEqual(
        wanted.slice(0, 5).map(({ productId }) => productId),
      )
    })
  })
})

function expected(
  productId: string,
  counts: Omit<CountedAffinity, 'productId' | 'medianDays'>,
  medianDays: number | null = null,
) {
  const near = (value: number) => expect.closeTo(value, 10)
  return {
    productId,
    orders: counts.orders,
    support: near(counts.support),
    confidence: near(counts.confidence),
    lift: near(counts.lift),
    cosine: near(counts.cosine),
    medianDays: medianDays === null ? null : near(medianDays),
  }
}
