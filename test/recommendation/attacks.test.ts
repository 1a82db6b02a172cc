import { beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/auth/viewer.ts'
import { createTestApp } from '../support/app.ts'
import { LAST_DAY, market, tell } from '../support/market.ts'
import type { TestExplanation, TestOffer, TestOffers } from '../support/offers.ts'
import { answerBy, day, describeProducts, line, order, record, train } from '../support/shop.ts'

/** Who may ask for explanations, and may want to know of others. */
const ROLES: Role[] = ['STOREFRONT', 'MARKETER', 'ANALYST', 'ADMIN']
const KINDS = [
  undefined,
  ...'BOUGHT_WITH BOUGHT_AFTER SIMILAR_CUSTOMER ITEM_MODEL TRENDING SAME_CATEGORY POPULAR_IN_GROUP CAMPAIGN'.split(' '),
]
const FILTERS: object[] = [
  { includeOwned: true },
  { categories: ['category:SOAP'] },
  { excludeCategories: ['PASTA | TYPE 1'] },
  { brands: ['Private'] },
  { excludeProducts: ['p03', 'p11'] },
  { minPrice: 9 },
  { maxPrice: 8.5 },
  { diversity: 1 },
  { boosts: [{ productId: 'p07', factor: 3 }] },
  { boosts: [{ categoryId: 'department:GROCERY', factor: 0.1 }] },
  { boosts: [{ brand: 'National', factor: 0 }] },
]

const shop = market()
const TWINS = ['twin-a', 'twin-b']
/** Bought alike, but for one order with what only four others have. */
const twinOrders = TWINS.flatMap((id) =>
  [5, 30, 60, 90].map((at) => order(`${id}-${at}`, id, day(at), ['p01', 'p04', `p0${(at / 5) % 9}`])),
)
const secret = ['c01', 'c02', 'c03', 'twin-b'].map((id) =>
  order(`secret-${id}`, id, day(95), ['p-secret', 'p01', 'p04']),
)
const people = [...shop.customers.map(({ id }) => id), ...TWINS].map((id, at) => ({
  id,
  name: `Person Number${at} Of ${id}`,
  email: `person.${id}@example.com`,
}))

const EVIDENCE = `evidence { kind contribution share reason path { label id name relationship direction }
  support { orders customers support confidence lift cosine medianDays } }`
const LIST = `{ asOf source note model { id status trainedAt }
  items { rank score reason otherContribution product { id name categories { id name } } ${EVIDENCE} } }`
const ASK = `query ($customer: ID!, $product: ID!, $basket: [ID!]!, $where: OfferFilter) {
  crossSell(customerId: $customer, first: 100, evidence: 50, where: $where) ${LIST}
  alone: completeBasket(productIds: $basket, first: 100, evidence: 50, where: $where) ${LIST}
  completeBasket(productIds: $basket, customerId: $customer, first: 100, evidence: 50, where: $where) ${LIST}
  explain(customerId: $customer, productId: $product, evidence: 50, where: $where) {
    recommended rank score otherContribution counterfactual whyNot { code message } ${EVIDENCE} } }`
type Told = { crossSell: TestOffers; alone: TestOffers; completeBasket: TestOffers; explain: TestExplanation }

/** Every string of an answer, keys included. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (Array.isArray(value)) for (const one of value) yield* textsIn(one)
  else if (value && typeof value === 'object')
    for (const [key, one] of Object.entries(value)) {
      yield key
      yield* textsIn(one)
    }
}
const namesIn = (texts: Iterable<string>, ids: readonly string[]) => {
  const tokens = new Set([...texts].flatMap((text) => text.split(/[^\p{L}\p{N}@._-]+/u)))
  return ids.filter((id) => tokens.has(id))
}

describe('Attacks on an explanation', () => {
  const app = createTestApp()
  const models = new Map<string | undefined, string>()
  const ask = (
    role: Role,
    customer: string,
    { where = {}, product = 'p07' }: { where?: object; product?: string } = {},
  ) => app.data(ASK, { role, variables: { customer, product, basket: ['p03', 'p12'], where } }) as Promise<Told>

  beforeAll(async () => {
    await tell(app, { ...shop, orders: [...shop.orders, ...twinOrders, ...secret] })
    await tell(app, { customers: people })
    await describeProducts(app, [{ id: 'p-secret', department: 'GROCERY', category: 'PASTA', type: 'TYPE 1' }])
    for (const kind of KINDS) models.set(kind, await app.services.model.train(kind ? { kinds: [kind] } : {}))
    await answerBy(app, models.get(undefined)!)
  })

  it.each(ROLES)('%s finds the id, name or order of nobody else in any string of any answer', async (role) => {
    for (const [at, where] of [{}, ...FILTERS].entries()) {
      const customer = ['c02', 'twin-a', 'n-age', 'c14', 'n-view'][at % 5]!
      const others = people.filter(({ id }) => id !== customer)
      const forbidden = others.flatMap(({ id, name, email }) => [id, name.split(' ')[1]!, email])
      const texts = [...textsIn(await ask(role, customer, { where }))]
      expect(texts.length).toBeGreaterThan(30)
      expect(namesIn(texts, forbidden)).toEqual([])
      expect(texts.filter((text) => /\bo\d\d-\d\b|twin-.-\d|secret-|\bv\d+\b/.test(text))).toEqual([])
    }
  })

  it.each(ROLES)('%s learns from no filter what others do: it selects, and changes no evidence', async (role) => {
    const customer = ROLES.indexOf(role) % 2 ? 'c05' : 'twin-a'
    const all = await ask(role, customer)
    for (const where of FILTERS) {
      const { includeOwned } = where as { includeOwned?: boolean }
      // Another question: its weights are others, with any filter or none.
      if (includeOwned) continue
      const some = await ask(role, customer, { where })
      for (const list of ['crossSell', 'alone', 'completeBasket'] as const) {
        for (const offer of some[list].items) {
          const bare = (one: TestOffer) =>
            one.evidence
              .filter(({ kind }) => kind !== 'BOOST' && kind !== 'DIVERSITY')
              .map(({ share: _, ...evidence }) => evidence)
          const unfiltered = all[list].items.find(({ product }) => product.id === offer.product.id)
          expect(bare(offer)).toEqual(bare(unfiltered!))
        }
      }
    }
  })

  it('two customers one order apart are told the same of others, and nothing of that order', async () => {
    for (const kind of KINDS) {
      await answerBy(app, models.get(kind)!)
      const told = await ask('ANALYST', 'twin-a', { product: 'p-secret' })
      expect(told.explain).toMatchObject({ rank: null, score: 0, evidence: [], whyNot: [{ code: 'NO_PATH' }] })
      const lists = [told.crossSell, told.alone, told.completeBasket]
      expect([...textsIn(lists)].filter((text) => text.includes('secret'))).toEqual([])
      for (const { kind, support, reason, path } of lists.flatMap(({ items }) =>
        items.flatMap(({ evidence }) => evidence),
      )) {
        if (support) expect(support.customers).toBeGreaterThanOrEqual(5)
        if (reason.includes('fewer than 5')) expect(support).toBeNull()
        // Own purchases are the customer's own, weights of the item model everybody's; a step of several products has no counts.
        if (!support && !['REPEAT', 'ITEM_MODEL'].includes(kind) && path[1]!.label !== 'Category')
          expect(reason).toContain('fewer than 5 customers')
      }
    }
    await answerBy(app, models.get(undefined)!)
  })

  it('STOREFRONT is told of no affinity that fewer than five customers stand behind; an analyst is', async () => {
    const AFFINITIES = `query ($kind: AffinityKind!) { affinities(productId: "p01", kind: $kind, first: 100) {
      product { id } orders cosine } }`
    for (const kind of ['BOUGHT_WITH', 'BOUGHT_AFTER']) {
      const told = async (role: Role) =>
        (await app.data(AFFINITIES, { role, variables: { kind } })).affinities as { product: { id: string } }[]
      const [storefront, analyst] = [await told('STOREFRONT'), await told('ANALYST')]
      expect(storefront.length).toBeGreaterThan(3)
      expect(storefront).toEqual(
        analyst.filter((one) => storefront.some(({ product }) => product.id === one.product.id)),
      )
      expect(storefront.map(({ product }) => product.id)).not.toContain('p-secret')
      if (kind === 'BOUGHT_WITH') expect(analyst.map(({ product }) => product.id)).toContain('p-secret')
    }
  })

  it("another customer's orders change nothing, whatever they are and whatever is asked, until a model learns from them", async () => {
    const asked = ['c04', 'c14', 'twin-a', 'n-age']
    const answers = async () => {
      const told: Told[] = []
      for (const kind of KINDS) {
        await answerBy(app, models.get(kind)!)
        for (const customer of asked) told.push(await ask('ANALYST', customer))
      }
      for (const where of FILTERS)
        for (const [at, role] of ROLES.entries()) told.push(await ask(role, asked[at % 3]!, { where, product: 'p09' }))
      return told
    }
    const before = await answers()
    // Everyone else, so that every neighbour is among them.
    const others = people.map(({ id }) => id).filter((id) => !asked.includes(id))
    const products = shop.products.map(({ id }) => line(id))
    const changes = [
      ...others.map((id) => order(`later-${id}`, id, day(LAST_DAY + 5), products)),
      ...others.map((id) => order(`backdated-${id}`, id, day(40), products)),
      ...shop.orders
        .filter(({ customerId }) => customerId === 'c06' || customerId === 'c15')
        .map((one) => ({ ...one, revision: 2, lines: [] })),
      { ...shop.orders.find(({ customerId }) => customerId === 'c07')!, revision: 2, lines: products },
      order('first-of-a-stranger', 'stranger', day(LAST_DAY), products),
    ]
    for (const change of changes) expect(await record(app, [change])).toMatchObject({ accepted: 1 })
    expect(await answers()).toEqual(before)

    await train(app)
    const after = await ask('ANALYST', 'c04')
    expect(after.crossSell.items.map(({ score }) => score)).not.toEqual(
      before.find(({ crossSell }) => crossSell.items.length > 0)!.crossSell.items.map(({ score }) => score),
    )
  })
})
