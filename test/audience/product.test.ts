import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { market, tell } from '../support/market.ts'
import { asking, type TestEvidence } from '../support/offers.ts'
import { day, order, record, train } from '../support/shop.ts'

type Member = { score: number; customer: { id: string }; evidence: TestEvidence[] }
type Audience = { total: number; note: string | null; members: Member[] }

const AUDIENCE = `query ($productId: ID!, $first: Int) { audience(productId: $productId, first: $first) { total note
  members { score customer { id } evidence { kind contribution share reason path { label id name relationship direction } } } } }`

describe('The audience of a product', () => {
  const app = createTestApp()
  const { explain } = asking(app)
  const people = market().customers.map(({ id }) => id)
  const audience = async (productId: string, first = 100): Promise<Audience> =>
    (await app.data(AUDIENCE, { role: 'MARKETER', variables: { productId, first } })).audience

  beforeAll(async () => {
    await tell(app, market())
    await train(app)
  })

  /** Everyone explain gives a score above 0 and does not say OWNED of. */
  async function expectAsExplained(productId: string): Promise<void> {
    const { total, members } = await audience(productId)
    const expected = new Map<string, number>()
    for (const customerId of people) {
      const { score, whyNot } = await explain({ customerId, productId })
      const kept = whyNot.some(({ code }) => ['OWNED', 'OBJECTED'].includes(code))
      if (score > 0 && !kept) expected.set(customerId, score)
    }
    expect(members.map(({ customer }) => customer.id).sort()).toEqual([...expected.keys()].sort())
    expect(total).toBe(expected.size)
    for (const [at, { score, customer, evidence }] of members.entries()) {
      expect(Math.abs(score - expected.get(customer.id)!)).toBeLessThanOrEqual(1e-9 * score)
      expect(score).toBeLessThanOrEqual((members[at - 1]?.score ?? Number.POSITIVE_INFINITY) * (1 + 1e-12))
      const sum = evidence.reduce((total, { contribution }) => total + contribution, 0)
      const size = evidence.reduce((total, { contribution }) => total + Math.abs(contribution), 0)
      expect(Math.abs(sum - score)).toBeLessThanOrEqual(1e-9 * size)
      for (const { path } of evidence)
        for (const { label, id } of path) if (label === 'Customer') expect([customer.id, null]).toContain(id)
    }
  }

  it.each(['p02', 'p05', 'p09', 'p13'])('gives each the score that explain gives the pair, %s', async (productId) => {
    expect((await audience(productId)).total).toBeGreaterThan(0)
    await expectAsExplained(productId)
  })

  it('shows the first ones and counts all', async () => {
    const all = await audience('p05')
    const first = await audience('p05', 2)
    expect(first.total).toBe(all.total)
    expect(first.members.map(({ customer }) => customer.id)).toEqual(
      all.members.slice(0, 2).map(({ customer }) => customer.id),
    )
  })

  it('follows what a customer buys and looks at, at once', async () => {
    const { members } = await audience('p05')
    const buyer = members[0]!.customer.id
    await record(app, [order('new', buyer, day(100, '21:00:00.000'), ['p05', 'p08'])])
    expect((await audience('p05')).members.map(({ customer }) => customer.id)).not.toContain(buyer)
    await tell(app, { views: [{ id: 'look', customerId: 'n-none', productId: 'p04', at: day(99) }] })
    await expectAsExplained('p05')
  })

  it('leaves out who objects to profiling', async () => {
    const { members, total } = await audience('p09')
    const customerId = members[0]!.customer.id
    await app.data(
      `mutation { setConsent(customerId: "${customerId}", channel: EMAIL, purpose: PROFILING, granted: false, source: "form") { id } }`,
      { role: 'INGEST' },
    )
    const after = await audience('p09')
    expect(after.total).toBe(total - 1)
    expect(JSON.stringify(after)).not.toContain(`"${customerId}"`)
  })

  it.each([
    ['p16', 'no longer sold'],
    ['p17', 'not merchandise'],
  ])('offers %s to nobody and says why', async (productId, why) => {
    expect(await audience(productId)).toMatchObject({ total: 0, members: [], note: expect.stringContaining(why) })
  })

  it('knows no product that does not exist', async () => {
    const { errors } = await app.ask('{ audience(productId: "none") { total } }', { role: 'ADMIN' })
    expect(errors![0]!.extensions.code).toBe('NOT_FOUND')
  })
})
