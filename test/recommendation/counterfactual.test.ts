import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { tell } from '../support/market.ts'
import { asking, type TestExplanation } from '../support/offers.ts'
import { day, describeProducts, order, randomOrders, record, type TestOrder, train } from '../support/shop.ts'

const PRODUCTS = 90
const two = (n: number) => String(n).padStart(2, '0')
const ids = Array.from({ length: PRODUCTS }, (_, n) => `p${two(n)}`)
const random = randomOrders(19, 24, 9, PRODUCTS)
/** Owns more than is tried. */
const collector = ids.slice(0, 70).map((id, at) => order(`collector-${at}`, 'collector', day(1 + (at % 30)), [id]))
const single = order('single', 'single', day(30), ['p01'])
const orders = [...random, ...collector, single]
const WITHOUT = /^Without (Product \w+) it would (?:be (\d+)(?:st|nd|rd|th)|not be offered)\.$/
const ITSELF = /^Had this customer not bought it, it would (?:be (\d+)(?:st|nd|rd|th)|not be offered)\.$/

describe('What explain says of what would have to be different', () => {
  const app = createTestApp()
  const { crossSell, explain } = asking(app)
  let revision = 1

  beforeAll(async () => {
    await record(app, orders)
    await tell(app, {
      customers: Array.from({ length: 12 }, (_, n) => ({ id: `c${two(n)}`, age: '25-34' })).concat({
        id: 'new',
        age: '25-34',
      }),
      views: [{ id: 'v1', customerId: 'c03', productId: 'p05', at: day(20) }],
    })
    await describeProducts(
      app,
      ids.map((id, at) => ({ id, department: 'GROCERY', category: 'PASTA', type: `TYPE ${at % 7}`, price: at })),
    )
    await train(app)
  })

  /** Asks once more as if the customer had never bought this, and puts it back. */
  async function reallyWithout(customerId: string, productId: string, ask: () => Promise<TestExplanation>) {
    const bought = orders.filter(
      (one) => one.customerId === customerId && one.lines.some((l) => l.productId === productId),
    )
    expect(bought.length).toBeGreaterThan(0)
    const write = async (changed: TestOrder[]) => {
      revision++
      expect(
        await record(
          app,
          changed.map((one) => ({ ...one, revision })),
        ),
      ).toMatchObject({ accepted: bought.length })
    }
    await write(bought.map((one) => ({ ...one, lines: one.lines.filter((l) => l.productId !== productId) })))
    const answer = await ask()
    await write(bought)
    return answer
  }
  const idOf = (name: string) => name.replace('Product ', '')
  const ownedBy = (customerId: string) => [
    ...new Set(
      orders
        .filter((one) => one.customerId === customerId)
        .flatMap(({ lines }) => lines.filter(({ quantity, value }) => quantity > 0 && value > 0))
        .map(({ productId }) => productId),
    ),
  ]

  /** Every claim of a customer's first and last places, held against the purchase really gone. */
  async function verify(customerId: string, where: object) {
    const claims = { left: 0, entered: 0, none: 0 }
    const { items } = await crossSell({ customerId, where })
    expect(items.length).toBeGreaterThan(10)
    for (const { product, rank } of items.slice(7, 13)) {
      const ask = () => explain({ customerId, productId: product.id, where })
      const before = await ask()
      const said = before.counterfactual!
      const itself = ITSELF.exec(said)
      const claim = itself ? [said, product.id, itself[1]] : WITHOUT.exec(said)
      if (!claim) {
        expect(said).toMatch(/^(No single purchase|Of the 50 purchases that matter most none) decides: /)
        claims.none++
        continue
      }
      const after = await reallyWithout(customerId, idOf(claim[1]!), ask)
      expect({ said, rank: after.rank }).toEqual({ said, rank: claim[2] ? Number(claim[2]) : null })
      expect(after.recommended).toBe(rank > 10)
      expect((await ask()).counterfactual).toBe(said)
      if (rank > 10) claims.entered++
      else claims.left++
    }
    return claims
  }

  it('without the purchase it names a product really leaves the first ten, or enters them, at the rank it says', async () => {
    const all = { left: 0, entered: 0, none: 0 }
    for (const customerId of ['c03', 'c11', 'c19', 'collector']) {
      for (const where of [{}, { includeOwned: true, maxPrice: 80 }]) {
        if (customerId === 'collector' && !('includeOwned' in where)) continue
        const claims = await verify(customerId, where)
        for (const name of ['left', 'entered', 'none'] as const) all[name] += claims[name]
      }
    }
    expect(all.left).toBeGreaterThan(2)
    expect(all.entered).toBeGreaterThan(0)
  })

  it('where it says that no single purchase decides, none does', async () => {
    const customerId = 'c15'
    const { items } = await crossSell({ customerId })
    let checked = 0
    for (const { product, rank } of [items[0]!, items.at(-1)!]) {
      const ask = () => explain({ customerId, productId: product.id })
      const said = (await ask()).counterfactual!
      if (!said.startsWith('No single purchase decides')) continue
      expect(said).toContain(
        rank <= 10 ? 'it would stay among the first 10.' : 'it would still not be among the first 10.',
      )
      for (const id of ownedBy(customerId))
        expect((await reallyWithout(customerId, id, ask)).recommended, id).toBe(rank <= 10)
      checked++
    }
    expect(checked).toBeGreaterThan(0)
  })

  it('says at which place an owned product would be, had it not been bought', async () => {
    let checked = 0
    for (const productId of ownedBy('c03')) {
      const ask = () => explain({ customerId: 'c03', productId })
      const before = await ask()
      expect(before.whyNot[0]!.code).toBe('OWNED')
      const claim = ITSELF.exec(before.counterfactual!)
      if (!claim) continue
      const after = await reallyWithout('c03', productId, ask)
      expect(after).toMatchObject({ recommended: true, rank: Number(claim[1]), whyNot: [] })
      checked++
    }
    expect(checked).toBeGreaterThan(0)
  })

  it('who has bought one thing is a newcomer without it, and so it is counted', async () => {
    const { items } = await crossSell({ customerId: 'single' })
    for (const { product } of items.slice(0, 3)) {
      const ask = () => explain({ customerId: 'single', productId: product.id })
      const said = (await ask()).counterfactual!
      const claim = WITHOUT.exec(said)
      const after = await reallyWithout('single', 'p01', ask)
      if (claim) expect(after.rank, said).toBe(claim[2] ? Number(claim[2]) : null)
      else expect(after.recommended, said).toBe(true)
    }
  })

  it('a newcomer is told which group decides', async () => {
    const { items } = await crossSell({ customerId: 'new' })
    const claims: [string, number | null][] = []
    for (const { product } of items.slice(0, 10)) {
      const said = (await explain({ customerId: 'new', productId: product.id })).counterfactual!
      const claim = /^Without age 25-34 it would (?:be (\d+)|not be offered)/.exec(said)
      if (claim) claims.push([product.id, claim[1] ? Number(claim[1]) : null])
    }
    expect(claims.length).toBeGreaterThan(0)
    await tell(app, { customers: [{ id: 'new', age: null as never }] })
    for (const [productId, rank] of claims)
      expect(await explain({ customerId: 'new', productId })).toMatchObject({ rank, recommended: false })
  })

  it('says nothing of a purchase where something else keeps it out', async () => {
    await describeProducts(app, [
      { id: 'p00', merchandise: false },
      { id: 'p02', active: false },
    ])
    for (const productId of ['p00', 'p02'])
      expect(await explain({ customerId: 'single', productId })).toMatchObject({ counterfactual: null })
    const { items } = await crossSell({ customerId: 'c03' })
    const filtered = { customerId: 'c03', productId: items[0]!.product.id, where: { maxPrice: 0 } }
    expect((await explain(filtered)).counterfactual).toBe('Without this filter it would be ranked by its paths.')
  })
})
