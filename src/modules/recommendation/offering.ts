import { EvidenceKind, type Language } from '../../generated/enums.ts'
import type { Graph, Row, Transaction } from '../../graph/query.ts'
import { categoryIdsOf } from '../catalog/merchandise.ts'
import type { ModelVersion } from '../model/model.service.ts'
import type { Weights } from '../model/parameters.ts'
import type { Adjustment } from './adjust.ts'
import { adjustment, type Part, sumOf, toEvidence, withShares } from './evidence.ts'
import { filterAgainst } from './filter.ts'
import type { Asked, Own, Piece } from './kinds/kind.ts'
import type { AskedStart, Question, Ranked } from './ranker.ts'
import { counts } from './ranking.ts'
import type { Evidence, Offer, OfferFilter } from './recommendation.type.ts'
import type { Texts } from './texts/texts.ts'
import { textsIn } from './texts.ts'

/** Paths that start at one place: at a customer, or in a basket. */
export type Pass = { customerId: string | null; groups: string[]; campaigns: string[]; own: Own[]; weights: Weights }
export type Scope = {
  model: ModelVersion
  passes: Pass[]
  trendPower: number
  where: OfferFilter
  exclude: string[]
  /** Of all that is said in words. */
  language: Language
}

export type Facts = Row<'recommendation/products'> & { categoryIds: string[] }
export type Told = { facts: Facts; score: number; evidence: Evidence[] }

/** Ranks every product for a question; on arrays, away from the event loop. */
export type Rank = (question: Question) => Promise<Ranked>

/** Times the ranking is asked again because what it named may no longer be offered. */
const ATTEMPTS = 3
/** How many more it is then asked for. */
const SPARE = 50

export function createOffering({ graph, rank }: { graph: Graph; rank: Rank }) {
  /** What the graph says of some products, and every path to each of them, in one round trip; told in each of the languages. */
  async function tellIn(
    languages: readonly Language[],
    { model, passes, trendPower }: Omit<Scope, 'language'>,
    productIds: string[],
    signal: AbortSignal,
  ): Promise<Map<string, Told>[]> {
    if (productIds.length === 0) return languages.map(() => new Map())
    const [products, ...found] = await graph.read(
      (tx) =>
        Promise.all([
          tx.query('recommendation/products', { productIds, model: model.id }),
          ...passes.flatMap((pass) => pathsOf(tx, pass, model, productIds)),
        ]),
      { signal },
    )
    const customerId = passes.find((pass) => pass.customerId !== null)?.customerId ?? null
    return toTold(languages, products, found, { customerId, trendPower })
  }

  const tell = async (scope: Scope, productIds: string[], signal: AbortSignal): Promise<Map<string, Told>> =>
    (await tellIn([scope.language], scope, productIds, signal))[0]!

  return {
    tell,
    tellIn,

    /** The first ones, and the rank of one product among all that may be offered, null when it is not among them. */
    rankOf: (scope: Scope, productId: string | null, first: number): Promise<Ranked> =>
      rank({ ...toQuestion(scope), first, rankOf: productId }),

    /** These products as offers, best first; without those that may not be offered any more. */
    async offersOf(scope: Scope, productIds: string[], evidence: number, signal: AbortSignal): Promise<Offer[]> {
      const told = await tell(scope, productIds, signal)
      return ranked(
        [...told.values()]
          .filter((one) => mayBeOffered(one, scope.where))
          .map((one) => toOffer(one, UNCHANGED, evidence, scope.language)),
      )
    },

    /** The best products, each with all of its evidence. The ranking may be a moment older than the graph: what the graph no longer allows is left out. */
    async offers(scope: Scope, first: number, evidence: number, signal: AbortSignal): Promise<Offer[]> {
      const offers: Omit<Offer, 'rank'>[] = []
      const asked = { ...toQuestion(scope), exclude: [...scope.exclude] }
      for (let attempt = 0; attempt < ATTEMPTS && offers.length < first; attempt++) {
        const missing = first - offers.length
        // Something is no longer sold, or matches no more: there may be more of it.
        const wanted = attempt === 0 ? missing : missing + SPARE
        const { items } = await rank({ ...asked, first: wanted })
        const told = await tell(
          scope,
          items.map(({ productId }) => productId),
          signal,
        )
        for (const item of items) {
          const one = told.get(item.productId)
          if (one && mayBeOffered(one, scope.where)) offers.push(toOffer(one, item, evidence, scope.language))
          asked.exclude.push(item.productId)
        }
        if (items.length < wanted) break
      }
      // The scores are the graph's, which may be a moment younger than those that were ranked.
      return ranked(offers.slice(0, first))
    },
  }
}

/** Paths of one kind from one start. */
type Found = { kind: Part['kind']; weight: number; basket: boolean; pieces: Piece[] }

/** What is told of products that some paths lead to, in each of the languages. */
export function toTold(
  languages: readonly Language[],
  products: readonly Row<'recommendation/products'>[],
  found: readonly Found[],
  { customerId, trendPower }: { customerId: string | null; trendPower: number },
): Map<string, Told>[] {
  const byProduct = new Map<string, Part[]>(products.map(({ id }) => [id, []]))
  // What the model has not measured is not offered: nothing is learned of it.
  const factors = new Map(products.flatMap(({ id, trend }) => (trend === null ? [] : [[id, trend ** trendPower]])))
  for (const { kind, weight, basket, pieces } of found) {
    for (const piece of pieces) {
      const factor = factors.get(piece.productId)
      if (factor === undefined) continue
      byProduct.get(piece.productId)!.push({ piece, kind, basket, contribution: weight * piece.amount * factor })
    }
  }
  const toldIn = (say: Texts) =>
    new Map(
      products.map((product) => {
        const factor = factors.get(product.id) ?? 1
        const evidence = toEvidence(byProduct.get(product.id)!, product, customerId, factor, say)
        const facts = { ...product, categoryIds: categoryIdsOf(product) }
        return [product.id, { facts, score: sumOf(evidence), evidence }]
      }),
    )
  return languages.map((language) => toldIn(textsIn(language)))
}

const UNCHANGED: Adjustment = { boost: 1, diversity: 1 }

const ranked = (offers: Omit<Offer, 'rank'>[]): Offer[] =>
  offers.sort((a, b) => b.score - a.score).map((offer, at) => ({ ...offer, rank: at + 1 }))

export const mayBeOffered = ({ facts, evidence }: Told, where: OfferFilter): boolean =>
  facts.merchandise && facts.active && evidence.length > 0 && filterAgainst(facts, where) === null

const pathsOf = (tx: Transaction, pass: Pass, model: ModelVersion, productIds: string[]) => {
  const asked: Asked = { ...pass, productIds, model: model.id, asOf: model.asOf, parameters: model.parameters }
  const sought = { ...asked, ownIds: pass.own.map(({ id }) => id) }
  const basket = pass.customerId === null
  return counts(pass.weights).map(async (kind) => ({
    kind,
    weight: pass.weights[kind.kind]!,
    basket,
    pieces: kind.pieces(await kind.find(tx, sought), asked),
  }))
}

/** Boosts and diversity are told as evidence of their own. Where a score is negative they do nothing. */
export function withAdjustments(
  { facts, score, evidence }: Told,
  { boost, diversity }: Adjustment,
  language: Language,
): Evidence[] {
  if (score <= 0) return evidence
  const boosted = score * (boost - 1)
  const diverse = (score + boosted) * (diversity - 1)
  const say = textsIn(language)
  const adjustments = [
    adjustment(EvidenceKind.BOOST, boosted, facts, say),
    adjustment(EvidenceKind.DIVERSITY, diverse, facts, say),
  ].filter((one) => one !== null)
  return adjustments.length === 0 ? evidence : withShares([...evidence, ...adjustments])
}

/** The first few, and what the others add. */
export const shown = (evidence: readonly Evidence[], first: number) => ({
  score: sumOf(evidence),
  evidence: evidence.slice(0, first),
  otherContribution: sumOf(evidence.slice(first)),
})

const toOffer = (told: Told, adjustment: Adjustment, first: number, language: Language) => ({
  productId: told.facts.id,
  facts: told.facts,
  reason: told.evidence[0]!.reason,
  ...shown(withAdjustments(told, adjustment, language), first),
})

export function toQuestion({ model, passes, trendPower, where, exclude }: Scope): Omit<Question, 'first'> {
  const { id, asOf, parameters, kinds } = model
  return {
    model: { id, asOf, parameters, kinds },
    passes: passes.map(({ own, weights, ...start }) => ({
      start: {
        ...start,
        own: own.map(({ id, weight, repeat, lastAt, times, viewed }) => ({
          id,
          weight,
          repeat,
          lastAt,
          times,
          viewed,
        })),
      } satisfies AskedStart,
      weights,
    })),
    trendPower,
    where: { ...where },
    exclude,
  }
}
