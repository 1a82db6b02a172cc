import type { Role } from '../../auth/viewer.ts'
import { DomainError, notFound } from '../../errors.ts'
import { AffinityKind, type Language, OfferSource } from '../../generated/enums.ts'
import type { Graph } from '../../graph/query.ts'
import { checkFirst, checkId, checkIds, checkRange } from '../../input.ts'
import type { ModelService, ModelVersion } from '../model/model.service.ts'
import { checkAsk, MAX_EVIDENCE } from './check.ts'
import { counterfactualOf, type Doubted, type WithoutOne } from './counterfactual.ts'
import { changes } from './diff.ts'
import { type KeptOffer, offersToKeep, pick, ranksWanted } from './kept.ts'
import { createOffering, type Pass, type Rank, type Scope, shown, withAdjustments } from './offering.ts'
import type { Affinity, Evidence, Explanation, OfferChange, OfferFilter, OfferList } from './recommendation.type.ts'
import { inBasket, type Subject, toSubject } from './subject.ts'
import { MIN_CUSTOMERS } from './support.ts'
import { textsIn } from './texts.ts'
import { exclusions, RECOMMENDED_WITHIN } from './why-not.ts'

const MAX_BASKET = 100

type Ask = {
  customerId: string
  where?: OfferFilter | null
  model?: string | null
  evidence: number
  /** Default: English. */
  language?: Language
}

type CustomerScope = Scope & { subject: Subject; objected: boolean; mark: string }

type Shortlist = { customerId: string; productIds?: string[]; where?: OfferFilter; first: number }

type BasketAsk = Omit<Ask, 'customerId'> & { productIds: string[]; customerId?: string | null; first: number }

export type RecommendationService = ReturnType<typeof createRecommendationService>

export function createRecommendationService({
  graph,
  models,
  rank,
  without,
  keeps = false,
  onStale = () => {},
}: {
  graph: Graph
  models: ModelService
  rank: Rank
  without: WithoutOne
  /** Whether offers are kept. */
  keeps?: boolean
  /** Hears of whom the offers that are kept are not as they would be computed now. */
  onStale?: (customerId: string) => void
}) {
  const offering = createOffering({ graph, rank })

  /** The customer and the model in one round trip, with the offers kept up to a rank where these are as they would be computed now. */
  async function ask(
    customerId: string,
    { model, kept = 0, language = 'EN' }: Pick<Ask, 'model' | 'language'> & { kept?: number },
    signal: AbortSignal,
  ) {
    const found = await graph.query('recommendation/subject', { customerId, model, kept, language }, { signal })
    if (!found?.customerId) throw notFound('Customer', customerId)
    const version = models.versionOf(model ?? null, found.model)
    return { found, subject: toSubject({ ...found, customerId }, version.parameters), version }
  }
  type Asked = Awaited<ReturnType<typeof ask>>

  async function basketScope(
    { productIds, customerId, where, model, language }: Omit<BasketAsk, 'first' | 'evidence'>,
    signal: AbortSignal,
  ): Promise<Scope> {
    const [known, { subject, version }] = await Promise.all([
      graph.query('recommendation/basket', { productIds }, { signal }),
      customerId == null
        ? models.serving(model ?? null, signal).then((version) => ({ version, subject: null }))
        : ask(customerId, { model }, signal).then(({ found, ...asked }) =>
            // What they bought says nothing about who objects to profiling; the basket does.
            found.objected ? { ...asked, subject: null } : asked,
          ),
    ])
    const unknown = productIds.find((id) => !known.some((product) => product.id === id))
    if (unknown !== undefined) throw notFound('Product', unknown)
    const { weights } = version
    const basket: Pass = {
      customerId: null,
      groups: [],
      campaigns: [],
      // As with what a customer owns: nothing leads from what is not sold any more, or never was merchandise.
      own: inBasket(known.filter(({ sold }) => sold)),
      weights: weights.basket,
    }
    const passes = subject ? [basket, { ...subject, weights: weights.basketCustomer }] : [basket]
    const exclude = [...productIds, ...(where?.includeOwned === false && subject ? ownedBy(subject) : [])]
    return {
      model: version,
      passes,
      trendPower: trendPowerOf(version, 'basket'),
      where: where ?? {},
      exclude,
      language: language ?? 'EN',
    }
  }

  const customerScope = async (
    { customerId, where, model, language }: Omit<Ask, 'evidence'>,
    signal: AbortSignal,
  ): Promise<CustomerScope> => scopeOf(await ask(customerId, { model }, signal), where ?? {}, language)

  /** What is asked decides which weights count; a customer who has bought nothing is a question of its own. */
  function scopeOf({ found, subject, version }: Asked, where: OfferFilter, language: Language = 'EN'): CustomerScope {
    const question = subject.own.length === 0 ? 'newcomer' : where.includeOwned ? 'nextBasket' : 'crossSell'
    return {
      subject,
      objected: found.objected,
      mark: found.mark!,
      model: version,
      // No path starts at who objects to profiling.
      passes: found.objected ? [] : [{ ...subject, weights: version.weights[question] }],
      trendPower: trendPowerOf(version, question),
      where,
      exclude: where.includeOwned ? [] : ownedBy(subject),
      language,
    }
  }

  return {
    /** @throws NOT_FOUND for an unknown customer or model, BAD_USER_INPUT for an argument out of bounds. */
    async crossSell(
      { customerId, first, where, model, evidence, language = 'EN' }: Ask & { first: number },
      signal: AbortSignal,
    ): Promise<OfferList> {
      checkId('customerId', customerId)
      checkFirst('first', first)
      checkAsk(where, model, evidence)
      const say = textsIn(language)
      const wanted = keeps ? ranksWanted(where ?? {}, first, evidence) : 0
      const asked = await ask(customerId, { model, kept: wanted, language }, signal)
      const { found, version } = asked
      if (found.objected) return listOf(version, [], say.objected)
      if (found.fresh) {
        const kept = pick(found.offers, where ?? {}, first, evidence)
        const offers = kept && (kept.offers ?? (await evidenced(kept.productIds)))
        if (offers)
          return {
            ...listOf(version, offers, say.noOffers),
            source: OfferSource.SNAPSHOT,
            computedAt: found.computedAt!,
          }
      } else if (wanted > 0) onStale(customerId)
      const scope = found.fresh
        ? await customerScope({ customerId, where, model, language }, signal)
        : scopeOf(asked, where ?? {}, language)
      return listOf(scope.model, await offering.offers(scope, first, evidence, signal), say.noOffers)

      /** Of these the ranks are kept, but not what speaks for them. */
      async function evidenced(productIds: string[]) {
        const scope = await customerScope({ customerId, where, model, language }, signal)
        return offering.offersOf(scope, productIds, evidence, signal)
      }
    },

    /** Of the first ten of either version, those that differ, in the order of the second. @throws as crossSell. */
    async diff(
      { from, to, customerId, language }: { from: string; to: string; customerId: string; language?: Language },
      signal: AbortSignal,
    ): Promise<OfferChange[]> {
      checkId('from', from)
      checkId('to', to)
      checkId('customerId', customerId)
      const offersOf = async (model: string) => {
        const scope = await customerScope({ customerId, model, language }, signal)
        return offering.offers(scope, RECOMMENDED_WITHIN, MAX_EVIDENCE, signal)
      }
      return changes(await offersOf(from), await offersOf(to))
    },

    /** What goes with a basket. Offers may be owned unless `includeOwned` is false and the customer is given. */
    async completeBasket(
      { productIds, customerId, first, where, model, evidence, language }: BasketAsk,
      signal: AbortSignal,
    ): Promise<OfferList> {
      checkRange('productIds', productIds.length, 1, MAX_BASKET)
      checkIds('productIds', productIds)
      checkFirst('first', first)
      if (customerId != null) checkId('customerId', customerId)
      checkAsk(where, model, evidence)
      const scope = await basketScope({ productIds, customerId, where, model, language }, signal)
      const items = await offering.offers(scope, first, evidence, signal)
      return listOf(scope.model, items, textsIn(scope.language).nothingGoesWith)
    },

    /** A customer's offers as they are kept, and the mark of what they were computed from; null for who is not known any more. */
    async toKeep(customerId: string, model: string): Promise<{ mark: string; offers: KeptOffer[] } | null> {
      const { signal } = new AbortController()
      const scope = await customerScope({ customerId, model }, signal).catch((error) => {
        if (error instanceof DomainError && error.code === 'NOT_FOUND') return null
        throw error
      })
      return scope && { mark: scope.mark, offers: scope.objected ? [] : await offersToKeep(offering, scope, signal) }
    },

    /** The ids crossSell, or with a basket completeBasket, would answer with: the same ranking without its evidence. */
    async shortlist({ customerId, productIds, where = {}, first }: Shortlist, signal: AbortSignal): Promise<string[]> {
      const scope = productIds
        ? await basketScope({ customerId, productIds, where }, signal)
        : await customerScope({ customerId, where }, signal)
      return (await offering.rankOf(scope, null, first)).items.map(({ productId }) => productId)
    },

    /** @throws NOT_FOUND for an unknown customer, product or model. */
    async explain(
      { customerId, productId, where, model, evidence, language }: Ask & { productId: string },
      signal: AbortSignal,
    ): Promise<Explanation> {
      checkId('customerId', customerId)
      checkId('productId', productId)
      checkAsk(where, model, evidence)
      const scope = await customerScope({ customerId, where, model, language }, signal)
      const say = textsIn(scope.language)
      const [told, { rank, adjustment, items }] = await Promise.all([
        offering.tell(scope, [productId], signal),
        offering.rankOf(scope, productId, RECOMMENDED_WITHIN),
      ])
      const one = told.get(productId)
      if (!one) throw notFound('Product', productId)
      const times = scope.subject.own.find(({ id }) => id === productId)?.times ?? 0
      const whyNot = exclusions(one, times, rank, where ?? {}, { say, objected: scope.objected })
      const all = withAdjustments(one, adjustment, scope.language)
      const explained = shown(all, evidence)
      const tenth = items.at(-1)
      return {
        recommended: rank !== null && rank <= RECOMMENDED_WITHIN && whyNot.length === 0,
        rank,
        whyNot,
        doubted: {
          scope,
          newcomer: {
            weights: scope.model.weights.newcomer,
            trendPower: trendPowerOf(scope.model, 'newcomer'),
          },
          productId,
          own: scope.subject.own,
          evidence: all,
          whyNot,
          score: explained.score,
          tenth: tenth ? tenth.score * tenth.boost * tenth.diversity : null,
        },
        ...explained,
      }
    },

    /** Every path from a customer to a product, as explain tells them; none for an unknown product. @throws NOT_FOUND for an unknown customer or model. */
    async pathsTo(productId: string, asked: Omit<Ask, 'evidence' | 'where'>, signal: AbortSignal): Promise<Evidence[]> {
      const told = await offering.tell(await customerScope(asked, signal), [productId], signal)
      return told.get(productId)?.evidence ?? []
    },

    /** What an explanation's product would be without one purchase or relationship. */
    counterfactual: (doubted: Doubted): Promise<string | null> => counterfactualOf(doubted, without),

    /** @throws NOT_FOUND for an unknown product. Sorted by cosine, then id; what rests on few customers is not for STOREFRONT. */
    async affinities(
      {
        productId,
        kind,
        first,
        minOrders,
        role,
      }: { productId: string; kind: AffinityKind; first: number; minOrders: number; role: Role },
      signal: AbortSignal,
    ): Promise<Affinity[]> {
      checkId('productId', productId)
      checkFirst('first', first)
      checkRange('minOrders', minOrders, 1, 1_000_000)
      if (!(await graph.query('catalog/exists', { productId }, { signal }))) throw notFound('Product', productId)
      const ask = { productId, first, minOrders, minCustomers: role === 'STOREFRONT' ? MIN_CUSTOMERS : 1 }
      const rows =
        kind === AffinityKind.BOUGHT_WITH
          ? await graph.query('recommendation/affinities-with', ask, { signal })
          : await graph.query('recommendation/affinities-after', ask, { signal })
      return rows.map((row) => ({ medianDays: null, ...row, ofId: productId }))
    },
  }
}

const ownedBy = ({ own }: Subject) => own.filter(({ times }) => times > 0).map(({ id }) => id)

const trendPowerOf = ({ parameters }: ModelVersion, question: keyof ModelVersion['weights']) =>
  parameters.trend.power[question] ?? 0

const listOf = (model: ModelVersion, items: OfferList['items'], note: string): OfferList => ({
  model,
  asOf: model.asOf,
  computedAt: new Date().toISOString(),
  source: OfferSource.LIVE,
  items,
  note: items.length > 0 ? null : note,
})
