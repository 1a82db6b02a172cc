import { expect } from 'vitest'
import type { TestApp } from './app.ts'
import type { CountedOffer } from './kinds.ts'

export type TestEvidence = {
  kind: string
  contribution: number
  share: number
  reason: string
  path: { label: string; id: string | null; name: string; relationship: string | null; direction: string | null }[]
  support: Record<string, number | null> | null
}
export type TestOffer = {
  rank: number
  score: number
  reason: string
  otherContribution: number
  product: { id: string }
  evidence: TestEvidence[]
}
export type TestOffers = {
  asOf: string
  source: string
  note: string | null
  model: { id: string; dataUntil: string }
  items: TestOffer[]
}
export type TestExplanation = {
  recommended: boolean
  rank: number | null
  score: number
  otherContribution: number
  counterfactual: string | null
  whyNot: { code: string; message: string }[]
  evidence: TestEvidence[]
}

const EVIDENCE = `evidence { kind contribution share reason path { label id name relationship direction }
  support { orders customers support confidence lift cosine medianDays } }`
const LIST = `{ asOf source note model { id dataUntil }
  items { rank score reason otherContribution product { id } ${EVIDENCE} } }`
const CROSS_SELL = `query ($customerId: ID!, $first: Int = 100, $where: OfferFilter, $model: ID, $evidence: Int = 50) {
  crossSell(customerId: $customerId, first: $first, where: $where, model: $model, evidence: $evidence) ${LIST} }`
const BASKET = `query ($productIds: [ID!]!, $customerId: ID, $first: Int = 100, $where: OfferFilter, $evidence: Int = 50) {
  completeBasket(productIds: $productIds, customerId: $customerId, first: $first, where: $where, evidence: $evidence) ${LIST} }`
const EXPLAIN = `query ($customerId: ID!, $productId: ID!, $where: OfferFilter, $model: ID, $evidence: Int = 50) {
  explain(customerId: $customerId, productId: $productId, where: $where, model: $model, evidence: $evidence) {
    recommended rank score otherContribution counterfactual whyNot { code message } ${EVIDENCE} } }`

/** The recommender over HTTP, with all there is to ask of it. */
export const asking = (app: TestApp) => ({
  crossSell: async (variables: object): Promise<TestOffers> =>
    (await app.data(CROSS_SELL, { role: 'ANALYST', variables })).crossSell,
  completeBasket: async (variables: object): Promise<TestOffers> =>
    (await app.data(BASKET, { role: 'ANALYST', variables })).completeBasket,
  explain: async (variables: object): Promise<TestExplanation> =>
    (await app.data(EXPLAIN, { role: 'ANALYST', variables })).explain,
  refused: async (variables: object) => (await app.ask(CROSS_SELL, { role: 'ANALYST', variables })).errors![0]!,
})

type Summed = { score: number; otherContribution: number; evidence: TestEvidence[] }

/** sum(evidence) + otherContribution = score, to 1e-9 of what was added; shares add up, where all is shown; strongest first. */
export function expectSum({ score, otherContribution, evidence }: Summed, all = true): void {
  const size = evidence.reduce((sum, { contribution }) => sum + Math.abs(contribution), Math.abs(otherContribution))
  const sum = evidence.reduce((total, { contribution }) => total + contribution, otherContribution)
  expect(Math.abs(sum - score)).toBeLessThanOrEqual(1e-9 * Math.max(size, Math.abs(score)))
  const shares = evidence.map(({ share }) => share)
  expect(shares).toEqual([...shares].sort((a, b) => b - a))
  if (all && evidence.length > 0) {
    expect(otherContribution).toBe(0)
    expect(shares.reduce((total, share) => total + share, 0)).toBeCloseTo(1, 9)
    for (const { contribution, share } of evidence) expect(share).toBeCloseTo(Math.abs(contribution) / size, 9)
  }
}

/** Best first, ranked without a gap. */
export function expectOrder(items: readonly TestOffer[]): void {
  expect(items.map(({ rank }) => rank)).toEqual(items.map((_, at) => at + 1))
  for (const [at, { score }] of items.slice(1).entries())
    expect(score).toBeLessThanOrEqual(items[at]!.score * (1 + 1e-9))
}

/** What a list says is what was counted: the same products, scores and, of each kind, contributions. */
export function expectCounted(items: readonly TestOffer[], counted: readonly CountedOffer[]): void {
  expectOrder(items)
  expect(items.map(({ product }) => product.id).sort()).toEqual(counted.map(({ id }) => id).sort())
  for (const offer of items) {
    expectSum(offer)
    const { score, kinds } = counted.find(({ id }) => id === offer.product.id)!
    const size = Object.values(kinds).reduce((sum, one) => sum + Math.abs(one), 0)
    expect(Math.abs(offer.score - score)).toBeLessThanOrEqual(1e-9 * size)
    const told: Record<string, number> = {}
    for (const { kind, contribution } of offer.evidence) told[kind] = (told[kind] ?? 0) + contribution
    expect(Object.keys(told).sort()).toEqual(
      Object.keys(kinds)
        .filter((kind) => kinds[kind] !== 0)
        .sort(),
    )
    for (const [kind, contribution] of Object.entries(told))
      expect(Math.abs(contribution - kinds[kind]!)).toBeLessThanOrEqual(1e-9 * size)
  }
}
