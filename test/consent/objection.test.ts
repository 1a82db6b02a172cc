import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { market, tell } from '../support/market.ts'
import { asking } from '../support/offers.ts'
import { train } from '../support/shop.ts'

const SET = `mutation ($customerId: ID!, $purpose: Purpose = PROFILING, $granted: Boolean = false, $source: String = "a letter", $channel: Channel = WEB) {
  setConsent(customerId: $customerId, channel: $channel, purpose: $purpose, granted: $granted, source: $source) { id customerId channel purpose granted source at } }`

describe.each(['off', 'on'])('A customer who objects to profiling, with snapshots %s,', (SNAPSHOTS) => {
  const app = createTestApp({ SNAPSHOTS })
  const { crossSell, completeBasket, explain } = asking(app)
  beforeAll(async () => {
    await tell(app, market())
    await train(app)
  })

  const set = (variables: object) => app.ask(SET, { role: 'PRIVACY_OFFICER', variables })
  const learnedOf = async (customerId: string) => {
    const [row] = await cypher<{ out: number; into: number }>(
      app.driver,
      `MATCH (c:Customer {id: $customerId})
       RETURN COUNT { (c)-[:SIMILAR_TO|RECOMMENDED_A|RECOMMENDED_B]->() } AS out, COUNT { (c)<-[:SIMILAR_TO]-() } AS into`,
      { customerId },
    )
    return row!
  }

  it('is offered nothing from then on, and asked why, the answer says so', async () => {
    const [offered] = (await crossSell({ customerId: 'c03' })).items
    const { data } = await set({ customerId: 'c03' })
    expect(data.setConsent).toMatchObject({
      customerId: 'c03',
      purpose: 'PROFILING',
      granted: false,
      source: 'a letter',
    })
    const note = 'This customer objects to profiling: nothing is worked out to offer them.'
    for (const where of [{}, { includeOwned: true }, { minPrice: 0 }])
      expect(await crossSell({ customerId: 'c03', where, evidence: 3 })).toMatchObject({ items: [], note })
    expect(await explain({ customerId: 'c03', productId: offered!.product.id })).toMatchObject({
      recommended: false,
      rank: null,
      score: 0,
      evidence: [],
      whyNot: [{ code: 'OBJECTED', message: note }],
    })
    expect((await learnedOf('c03')).out).toBe(0)
  })

  it('counts in a basket by what lies in it alone', async () => {
    await set({ customerId: 'c05' })
    const basket = { productIds: ['p01', 'p02'], evidence: 50 }
    const { model: _, ...alone } = await completeBasket(basket)
    expect(await completeBasket({ ...basket, customerId: 'c05' })).toMatchObject(alone)
    expect(alone.items.length).toBeGreaterThan(0)
  })

  it('is what others rest on until the next model, and then no more', async () => {
    const { into } = await learnedOf('c07')
    expect(into).toBeGreaterThan(0)
    await set({ customerId: 'c07' })
    expect((await learnedOf('c07')).into).toBe(into)
    const id = await train(app)
    const [row] = await cypher<{ alike: number }>(
      app.driver,
      `MATCH (c:Customer {id: 'c07'}) RETURN COUNT { (c)-[:SIMILAR_TO {model: $id}]-() } AS alike`,
      { id },
    )
    expect(row!.alike).toBe(0)
    const { models } = await app.data('{ models { id metrics } }', { role: 'ANALYST' })
    const customersOf = (which: string) => models.find((model: { id: string }) => model.id === which).metrics.customers
    const others = models.map((model: { id: string }) => customersOf(model.id))
    expect(customersOf(id)).toBeLessThan(Math.max(...others))
  })

  it('who agrees again is offered something again, by all that was not learned of whom they are like', async () => {
    await set({ customerId: 'c09' })
    expect((await crossSell({ customerId: 'c09' })).items).toEqual([])
    await set({ customerId: 'c09', granted: true })
    const { items } = await crossSell({ customerId: 'c09' })
    expect(items.length).toBeGreaterThan(0)
    const kinds = new Set(items.flatMap(({ evidence }) => evidence.map(({ kind }) => kind)))
    expect(kinds).not.toContain('SIMILAR_CUSTOMER')
    await train(app)
    const again = (await crossSell({ customerId: 'c09' })).items.flatMap(({ evidence }) =>
      evidence.map(({ kind }) => kind),
    )
    expect(again).toContain('SIMILAR_CUSTOMER')
  })

  it('to marketing is offered what everybody is: profiling is another matter', async () => {
    const before = await crossSell({ customerId: 'c11' })
    expect((await set({ customerId: 'c11', purpose: 'MARKETING' })).data.setConsent.purpose).toBe('MARKETING')
    expect((await crossSell({ customerId: 'c11' })).items).toEqual(before.items)
  })

  it('has a history, of which the newest counts', async () => {
    for (const granted of [false, true, false])
      await set({ customerId: 'c13', granted, channel: granted ? 'EMAIL' : 'WEB' })
    const said = await cypher(
      app.driver,
      `MATCH (:Customer {id: 'c13'})-[:GAVE]->(k:Consent) RETURN k.granted AS granted, k.channel AS channel ORDER BY k.at`,
    )
    expect(said).toEqual([
      { granted: false, channel: 'WEB' },
      { granted: true, channel: 'EMAIL' },
      { granted: false, channel: 'WEB' },
    ])
    expect((await crossSell({ customerId: 'c13' })).items).toEqual([])
  })

  it('must be known, and where it was said', async () => {
    expect((await set({ customerId: 'nobody' })).errors![0]!.extensions.code).toBe('NOT_FOUND')
    expect((await set({ customerId: 'c03', source: '' })).errors![0]!.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'source',
    })
  })
})
