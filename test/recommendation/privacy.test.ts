import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { market, tell } from '../support/market.ts'
import { asking, type TestEvidence } from '../support/offers.ts'
import { train } from '../support/shop.ts'

const shop = market()
const customers = shop.customers.map(({ id }) => id)
const KINDS = ['BOUGHT_WITH', 'BOUGHT_AFTER', 'SIMILAR_CUSTOMER', 'TRENDING', 'POPULAR_IN_GROUP', 'CAMPAIGN']

describe('What an explanation tells of others', () => {
  const app = createTestApp()
  const { crossSell, completeBasket, explain } = asking(app)
  const models: (string | undefined)[] = [undefined]

  beforeAll(async () => {
    await tell(app, shop)
    await train(app)
    // One in which every kind counts, whatever the question.
    models.push(await app.services.model.train({ kinds: KINDS.slice(1, 2) }))
    models.push(await app.services.model.train({ kinds: ['CAMPAIGN', 'TRENDING', 'POPULAR_IN_GROUP'] }))
  })

  /** Everything a customer can be told. */
  async function answersTo(customerId: string): Promise<{ evidence: TestEvidence[] }[]> {
    const lists = []
    for (const model of models) {
      lists.push(
        await crossSell({ customerId, model }),
        await crossSell({ customerId, model, where: { includeOwned: true } }),
      )
    }
    lists.push(await completeBasket({ productIds: ['p03', 'p12'], customerId }))
    const explained = await explain({ customerId, productId: 'p07' })
    return [...lists.flatMap(({ items }) => items), explained]
  }

  it('no answer holds the id of another customer, or of an order', async () => {
    for (const customerId of customers.filter((_, at) => at % 3 === 0)) {
      const told = JSON.stringify(await answersTo(customerId))
      expect(told.length).toBeGreaterThan(100)
      const found = told.match(/\b(c\d\d|n-(age|none|view)|o\d\d-\d|v\d+)\b/g) ?? []
      expect(found.filter((id) => id !== customerId)).toEqual([])
    }
  })

  it('counts are told only where five customers or more stand behind', async () => {
    let withheld = 0
    for (const customerId of customers.filter((_, at) => at % 3 === 1)) {
      for (const { support, reason } of (await answersTo(customerId)).flatMap(({ evidence }) => evidence)) {
        if (support) expect(support.customers).toBeGreaterThanOrEqual(5)
        if (reason.includes('fewer than 5')) {
          withheld++
          expect(support).toBeNull()
        }
        const counts = [...reason.matchAll(/\bby (\d+)\b/g)].map(([, n]) => Number(n))
        for (const count of counts) expect(count, reason).toBeGreaterThanOrEqual(5)
      }
    }
    expect(withheld).toBeGreaterThan(0)
  })

  it('a group or a campaign with fewer than five customers says nothing', async () => {
    // c25 is the only one of their age; c20 responded to `quiet` alone.
    const told = JSON.stringify([await answersTo('c25'), await answersTo('c20')])
    expect(told).not.toContain('65+')
    expect(told).not.toContain('quiet')
  })
})
