import { beforeAll, describe, expect, it, vi } from 'vitest'
import { PARAMETERS, WEIGHTS } from '../../src/modules/model/parameters.ts'
import { createTestApp } from '../support/app.ts'
import { countMarket, countOffers } from '../support/kinds.ts'
import { LAST_DAY, type Market, market, tell } from '../support/market.ts'
import { asking, expectCounted } from '../support/offers.ts'
import { day, order, record, type TestOrder, train } from '../support/shop.ts'

const shop = market()
const AS_OF = Date.parse(day(LAST_DAY, '00:00:00.000'))

describe('What changes after a training', () => {
  const app = createTestApp()
  const { crossSell, completeBasket, explain } = asking(app)
  /** The shop as it is now; what is recorded again replaces what it was. */
  const now: Market = { ...shop, orders: [...shop.orders] }
  const ids = async (customerId: string, variables: object = {}) =>
    (await crossSell({ customerId, ...variables })).items.map(({ product }) => product.id)

  beforeAll(async () => {
    await tell(app, shop)
    await train(app)
  })

  async function orders(...changed: TestOrder[]) {
    expect(await record(app, changed)).toMatchObject({ accepted: changed.length })
    now.orders = [...now.orders.filter(({ id }) => !changed.some((one) => one.id === id)), ...changed]
  }
  async function expectOffers(customerId: string) {
    const counted = countMarket(shop, PARAMETERS, AS_OF, now)
    const question = counted.own(customerId).length === 0 ? 'newcomer' : 'crossSell'
    const asked = { customerId, weights: [WEIGHTS[question]], power: PARAMETERS.trend.power[question] ?? 0 }
    const owned = counted.own(customerId).flatMap(({ id, times }) => (times > 0 ? [id] : []))
    const expected = countOffers(counted, asked, owned)
    expect(expected.length).toBeGreaterThan(0)
    expectCounted((await crossSell({ customerId })).items, expected)
  }

  it('what a customer has just bought vanishes from their list, and counts for what else is on it, at once', async () => {
    for (const customerId of ['c02', 'c14']) {
      const [first, second] = await ids(customerId)
      await orders(order(`new-${customerId}`, customerId, day(LAST_DAY + 2), [first!]))
      expect(await ids(customerId)).not.toContain(first)
      expect(await ids(customerId)).toContain(second)
      await expectOffers(customerId)
      expect((await explain({ customerId, productId: first })).whyNot.map(({ code }) => code)).toContain('OWNED')
    }
  })

  it('what it was bought by mistake comes back when the order is cancelled', async () => {
    const [first] = await ids('c09')
    await orders(order('mistake', 'c09', day(LAST_DAY + 1), [first!]))
    expect(await ids('c09')).not.toContain(first)
    await orders({ ...order('mistake', 'c09', day(LAST_DAY + 1), []), revision: 2 })
    expect(await ids('c09')).toContain(first)
    await vi.waitFor(() => expectOffers('c09'), { timeout: 10_000, interval: 200 })
  })

  it('what others buy, or no longer do, changes nothing until a model learns from it', async () => {
    const { items } = await crossSell({ customerId: 'c04' })
    const last = items.at(-1)!.product.id
    await orders(...['c03', 'c05', 'c06'].map((id) => order(`${id}-lately`, id, day(LAST_DAY), [last])))
    const gone = shop.orders.filter(({ customerId }) => customerId === 'c07')
    await orders(...gone.map((one) => ({ ...one, lines: [], revision: 2 })))
    expect((await crossSell({ customerId: 'c04' })).items).toEqual(items)
    const model = await app.services.model.train()
    const learned = await crossSell({ customerId: 'c04', model })
    const asked = { customerId: 'c04', weights: [WEIGHTS.crossSell], power: PARAMETERS.trend.power.crossSell ?? 0 }
    const counted = countMarket(now, PARAMETERS, Date.parse(learned.asOf))
    const owned = counted.own('c04').flatMap(({ id, times }) => (times > 0 ? [id] : []))
    expectCounted(learned.items, countOffers(counted, asked, owned))
    expect(learned.items).not.toEqual(items)
  })

  it('a customer the model has never seen is offered what goes with their first purchases', async () => {
    await orders(order('first', 'stranger', day(LAST_DAY + 1), ['p04', 'p06']))
    await expectOffers('stranger')
    const { items } = await crossSell({ customerId: 'stranger' })
    expect(items.flatMap(({ evidence }) => evidence.map(({ kind }) => kind))).not.toContain('SIMILAR_CUSTOMER')
  })

  it('what is no longer sold is offered to nobody at once, and lists are filled up with what follows', async () => {
    const all = await ids('c20')
    const gone = all.slice(0, 3)
    const described = (active: boolean) =>
      shop.products.filter(({ id }) => gone.includes(id)).map((product) => ({ ...product, active }))
    await tell(app, { products: described(false) })
    for (const first of [1, 2, 4])
      expect(await ids('c20', { first })).toEqual(all.filter((id) => !gone.includes(id)).slice(0, first))
    expect(await ids('c20')).toEqual(all.filter((id) => !gone.includes(id)))
    const { items } = await completeBasket({ productIds: ['p13'] })
    for (const { product } of items) expect(gone).not.toContain(product.id)
    expect(await explain({ customerId: 'c20', productId: gone[0] })).toMatchObject({
      recommended: false,
      whyNot: [{ code: 'INACTIVE' }],
    })
    await tell(app, { products: described(true) })
    expect(await ids('c20')).toEqual(all)
  })

  it('nothing leads from what is no longer sold, in a basket or of a customer', async () => {
    const product = shop.products.find(({ id }) => id === 'p13')!
    const before = await completeBasket({ productIds: ['p12'] })
    await tell(app, { products: [{ ...product, active: false }] })
    const { items } = await completeBasket({ productIds: ['p12', 'p13'] })
    expect(items.map(({ product, score }) => [product.id, score])).toEqual(
      before.items.filter(({ product }) => product.id !== 'p13').map(({ product, score }) => [product.id, score]),
    )
    await tell(app, { products: [product] })
  })

  it('a product without a type is offered; one without a department never is', async () => {
    const offered = new Set<string>()
    for (const { id } of shop.customers) for (const one of await ids(id)) offered.add(one)
    expect(offered).toContain('p15')
    expect(offered).not.toContain('p17')
    expect(offered).not.toContain('p16')
    expect(await explain({ customerId: 'c02', productId: 'p17' })).toMatchObject({
      whyNot: [{ code: 'NOT_MERCHANDISE' }, { code: 'NO_PATH' }],
    })
  })
})
