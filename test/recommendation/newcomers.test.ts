import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { LAST_DAY, market, tell } from '../support/market.ts'
import { asking, expectSum } from '../support/offers.ts'
import { day, order, record, train } from '../support/shop.ts'

const shop = market()

describe('Who has bought little or nothing', () => {
  const app = createTestApp()
  const { crossSell } = asking(app)
  const kindsOf = async (customerId: string) => {
    const { items } = await crossSell({ customerId })
    for (const offer of items) expectSum(offer)
    return items.map(({ evidence }) => evidence.map(({ kind }) => kind))
  }

  beforeAll(async () => {
    await tell(app, shop)
    await train(app)
  })

  it('with attributes only is offered what is popular in their groups, and told so', async () => {
    const { items } = await crossSell({ customerId: 'n-age' })
    expect(items.length).toBeGreaterThan(5)
    expect(items.flatMap(({ evidence }) => evidence.map(({ kind }) => kind))).toContain('POPULAR_IN_GROUP')
    const popular = items.flatMap(({ evidence }) => evidence).filter(({ kind }) => kind === 'POPULAR_IN_GROUP')
    for (const { reason, path, support } of popular) {
      expect(reason).toMatch(/^Bought by \d+ customers of the group (age 25-34|income 35-49K)/)
      expect(path.map(({ label }) => label)).toEqual(['Customer', 'Group', 'Product'])
      expect(support!.customers).toBeGreaterThanOrEqual(5)
    }
  })

  it('attributes given after the training count at once', async () => {
    await tell(app, { customers: [{ id: 'n-later', age: '45-54' }] })
    const [first] = (await crossSell({ customerId: 'n-later' })).items
    expect(first!.evidence.map(({ kind }) => kind)).toContain('POPULAR_IN_GROUP')
  })

  it('with nothing at all is offered what is on the rise', async () => {
    const kinds = await kindsOf('n-none')
    expect(kinds.length).toBeGreaterThan(2)
    expect(new Set(kinds.flat())).toEqual(new Set(['TRENDING']))
  })

  it('who only looked is offered what goes with what they looked at', async () => {
    const { items } = await crossSell({ customerId: 'n-view' })
    expect(items.length).toBeGreaterThan(0)
    const steps = items.flatMap(({ evidence }) => evidence.flatMap(({ path }) => path.slice(1, -1)))
    expect(steps.map(({ relationship }) => relationship)).toContain('VIEWED')
    expect(items.flatMap(({ evidence }) => evidence.map(({ reason }) => reason)).join('\n')).not.toMatch(
      /this customer bought it/,
    )
  })

  it('a view counts less than a purchase, an old purchase less than a new one, two more than one', async () => {
    const model = await app.services.model.train({ kinds: ['BOUGHT_WITH'] })
    await record(app, [
      order('w-old', 'w-old', day(5), ['p03']),
      order('w-new', 'w-new', day(LAST_DAY), ['p03']),
      order('w-two-1', 'w-two', day(LAST_DAY), ['p03']),
      order('w-two-2', 'w-two', day(LAST_DAY), ['p03']),
    ])
    await tell(app, {
      views: [
        { id: 'w-view', customerId: 'w-view', productId: 'p03', at: day(LAST_DAY) },
        { id: 'w-glance', customerId: 'w-glance', productId: 'p03', at: day(5) },
      ],
    })
    const scores = async (customerId: string) =>
      new Map((await crossSell({ customerId, model })).items.map(({ product, score }) => [product.id, score]))
    const rising = await Promise.all(['w-glance', 'w-view', 'w-old', 'w-new', 'w-two'].map(scores))
    // What they look at or buy is bought too, but by those who only looked.
    const ids = [...rising.at(-1)!.keys()]
    expect(ids.length).toBeGreaterThan(2)
    for (const id of ids) {
      const each = rising.map((one) => one.get(id)!)
      for (const [at, score] of each.slice(1).entries()) expect(score).toBeGreaterThan(each[at]!)
    }
  })
})
