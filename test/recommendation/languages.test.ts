import { beforeAll, describe, expect, it } from 'vitest'
import { languageOf } from '../../src/language.ts'
import { pl } from '../../src/modules/recommendation/texts/pl.ts'
import { createTestApp } from '../support/app.ts'
import { market, tell } from '../support/market.ts'
import type { TestEvidence, TestExplanation, TestOffers } from '../support/offers.ts'
import { connectTo, firstOf } from '../support/sockets.ts'

const shop = market()
const KINDS =
  'REPEAT BOUGHT_WITH BOUGHT_AFTER SIMILAR_CUSTOMER ITEM_MODEL TRENDING SAME_CATEGORY POPULAR_IN_GROUP CAMPAIGN'.split(
    ' ',
  )
const EVIDENCE = 'evidence { kind contribution share reason path { label id name relationship direction } }'
const ASK = `query ($customer: ID!, $basket: [ID!]!, $product: ID!, $where: OfferFilter, $language: Language) {
  crossSell(customerId: $customer, first: 100, evidence: 50, where: $where, language: $language) {
    note items { reason score product { id } ${EVIDENCE} } }
  completeBasket(productIds: $basket, customerId: $customer, first: 100, evidence: 50, where: $where, language: $language) {
    note items { reason score product { id } ${EVIDENCE} } }
  explain(customerId: $customer, productId: $product, where: $where, language: $language) {
    counterfactual whyNot { code message } score ${EVIDENCE} } }`

type Answer = { crossSell: TestOffers; completeBasket: TestOffers; explain: TestExplanation }
const evidenceOf = ({ crossSell, completeBasket, explain }: Answer): TestEvidence[] => [
  ...[...crossSell.items, ...completeBasket.items].flatMap(({ evidence }) => evidence),
  ...explain.evidence,
]
/** Everything in it that is said to people. */
const wordsOf = (answer: Answer): string[] => [
  ...evidenceOf(answer).flatMap(({ reason, path }) => [reason, ...path.map(({ name }) => name)]),
  ...[answer.crossSell, answer.completeBasket].flatMap(({ note, items }) => [
    note ?? '',
    ...items.map(({ reason }) => reason),
  ]),
  ...answer.explain.whyNot.map(({ message }) => message),
  answer.explain.counterfactual ?? '',
]
const WHERE = [
  {},
  { includeOwned: true },
  { diversity: 1, boosts: [{ brand: 'Private', factor: 2 }] },
  { boosts: [{ brand: 'Private', factor: 0.5 }] },
  { categories: ['category:SOAP'], includeOwned: true },
  { minPrice: 1_000 },
]

describe('What is said in words', () => {
  const app = createTestApp()
  const ask = async (language: string | undefined, variables: object, acceptLanguage?: string): Promise<Answer> =>
    app.data(ASK, {
      role: 'MARKETER',
      variables: { customer: 'c04', basket: ['p03', 'p12'], product: 'p07', ...variables, language },
      ...(acceptLanguage ? { acceptLanguage } : {}),
    })
  /** The same questions in both languages, under a model of each kind alone. */
  const answers: { english: Answer; polish: Answer }[] = []

  beforeAll(async () => {
    await tell(app, shop)
    for (const kind of [...KINDS, undefined]) {
      const { model } = app.services
      await model.activate(await model.train(kind ? { kinds: [kind] } : {}))
      for (const where of kind ? WHERE.slice(0, 2) : WHERE) {
        for (const [customer, product] of [
          ['c04', 'p07'],
          ['c20', 'p16'],
          ['c25', 'p17'],
          ['n-age', 'p02'],
          ['n-view', 'p09'],
        ]) {
          const variables = { customer, product, where }
          answers.push({ english: await ask('EN', variables), polish: await ask('PL', variables) })
        }
      }
    }
  })

  it('every kind of evidence is told in both languages, and nothing but the words differs', () => {
    const said = new Map<string, string>()
    for (const { english, polish } of answers) {
      const [ours, theirs] = [evidenceOf(english), evidenceOf(polish)]
      const bare = (all: TestEvidence[]) =>
        all.map(({ reason: _, path, ...rest }) => ({ ...rest, path: path.map(({ name: _, ...step }) => step) }))
      expect(bare(theirs)).toEqual(bare(ours))
      for (const [at, { kind, reason }] of ours.entries()) {
        expect(theirs[at]!.reason).not.toBe(reason)
        said.set(kind, theirs[at]!.reason)
      }
    }
    expect([...said.keys()].sort()).toEqual([...KINDS, 'BOOST', 'DIVERSITY'].sort())
  })

  it('a Polish answer holds no word of its English counterpart but names', () => {
    const names = new Set(
      'PASTA SOAP TYPE GROCERY DRUG GM Product Campaign spring autumn where includeOwned K'.split(' '),
    )
    const filters = new Set(['minPrice', 'categories'])
    // Words of both languages.
    const both = new Set(['to', 'a', 'do'])
    const words = (texts: string[]) => new Set(texts.flatMap((text) => text.match(/\p{L}+/gu) ?? []))
    const english = words(answers.flatMap((one) => wordsOf(one.english)))
    const polish = words(answers.flatMap((one) => wordsOf(one.polish)))
    expect(polish.size).toBeGreaterThan(60)
    const shared = [...polish].filter((word) => english.has(word) && !names.has(word) && !filters.has(word))
    expect(shared.filter((word) => !both.has(word))).toEqual([])
  })

  it('lists, notes and exclusions are told in the language that was asked for', () => {
    const said = answers.flatMap(({ polish }) => wordsOf(polish)).join('\n')
    for (const text of [pl.noOffers, pl.noPath, pl.inactive('Product 16'), pl.notMerchandise('Product 17')])
      expect(said).toContain(text)
    expect(said).toContain('ten klient')
    expect(said).toContain('podobni klienci')
    expect(said).toContain('wiek 25-34')
    expect(said).toMatch(/\(razy \d,\d\d: kupuje to (więcej|mniej) klientów niż miesiąc wcześniej\)/)
  })

  it.each([
    [1, 'w 1 zamówieniu', '1 dzień temu', 'przez 1 klienta', 'kupił to 1 raz'],
    [2, 'w 2 zamówieniach', '2 dni temu', 'przez 2 klientów', 'kupił to 2 razy'],
    [5, 'w 5 zamówieniach', '5 dni temu', 'przez 5 klientów', 'kupił to 5 razy'],
    [12, 'w 12 zamówieniach', '12 dni temu', 'przez 12 klientów', 'kupił to 12 razy'],
    [22, 'w 22 zamówieniach', '22 dni temu', 'przez 22 klientów', 'kupił to 22 razy'],
    [1.5, 'w 1,5 zamówienia', '1,5 dnia temu', 'przez 1,5 klienta', 'kupił to 1,5 raza'],
    [
      10_000,
      'w 10\u00a0000 zamówieniach',
      '10\u00a0000 dni temu',
      'przez 10\u00a0000 klientów',
      'kupił to 10\u00a0000 razy',
    ],
  ])('after %d a Polish noun has its form', (n, orders, days, customers, times) => {
    const own = { name: 'MLEKO', times: 3, basket: false }
    expect(pl.boughtWith(own, { orders: n, lift: 2 })).toContain(orders)
    expect(pl.boughtAfter(own, n, { orders: 7, between: n })).toContain(days)
    expect(pl.responded('kampania 1', n)).toContain(customers)
    expect(pl.repeat(n)).toContain(times)
  })

  it.each([
    [1, 'po 1 dniu', '(1 produkt)'],
    [3, 'po 3 dniach', '(3 produkty)'],
    [8, 'po 8 dniach', '(8 produktów)'],
    [2.5, 'po 2,5 dnia', '(2,5 produktu)'],
  ])('and so after %d in other cases', (n, after, several) => {
    const own = { name: 'MLEKO', times: 1, basket: false }
    expect(pl.boughtAfter(own, 4, { orders: 7, between: n })).toContain(after)
    expect(pl.several(n, 'NABIAŁ')).toContain(several)
    expect(pl.boughtWith(own, { orders: 5, lift: 2.34 })).toContain('2,3 raza częściej')
    expect(pl.sameCategory('NABIAŁ', 0.068, 12)).toContain('6,8%')
  })

  it('an argument wins over Accept-Language, and English is what remains', async () => {
    const said = async (...asked: [string | undefined, object, string?]) =>
      (await ask(...asked)).crossSell.items[0]!.reason
    const [english, polish] = [await said('EN', {}), await said('PL', {})]
    expect(await said(undefined, {})).toBe(english)
    expect(await said(undefined, {}, 'pl-PL,pl;q=0.9,en;q=0.8')).toBe(polish)
    expect(await said(undefined, {}, 'de, en;q=0.5, pl;q=0.4')).toBe(english)
    expect(await said('EN', {}, 'pl')).toBe(english)
    expect(await said('PL', {}, 'en')).toBe(polish)
  })

  it('over a socket connectionParams.acceptLanguage says the same, and errors stay English', async () => {
    const { client } = connectTo(app, await app.token('MARKETER'), undefined, { acceptLanguage: 'pl' })
    const variables = { customer: 'c04', basket: ['p03'], product: 'p07' }
    const { data } = await firstOf(client, ASK, variables)
    expect((data as Answer).crossSell.items[0]!.reason).toBe((await ask('PL', {})).crossSell.items[0]!.reason)
    const { errors } = await firstOf(client, ASK, { ...variables, customer: 'nobody' })
    expect(errors![0]!.message).toBe('Customer "nobody" does not exist.')
    await client.dispose()
  })

  it.each([
    ['pl', 'PL'],
    ['PL-pl', 'PL'],
    ['en-GB, pl', 'EN'],
    ['en;q=0.2, pl;q=0.3', 'PL'],
    ['pl;q=0, de', 'EN'],
    ['*', 'EN'],
    ['', 'EN'],
    ['toString, __proto__;q=1', 'EN'],
    [`${'x,'.repeat(2_000)}pl`, 'EN'],
    [undefined, 'EN'],
    [{ pl: true }, 'EN'],
  ])('Accept-Language %j asks for %s', (header, language) => {
    expect(languageOf(header)).toBe(language)
  })
})
