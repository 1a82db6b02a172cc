import { badInput, notFound } from '../../errors.ts'
import { AffinityKind, ExclusionCode, OfferSource } from '../../generated/enums.ts'
import type { Graph, Params, Row } from '../../graph/query.ts'
import { checkFirst, checkId, checkIds, checkRange } from '../../input.ts'
import type { ModelService, ModelVersion } from '../model/model.service.ts'
import { boughtWithEvidence, filterAgainst, toOffer } from './evidence.ts'
import type { Affinity, Exclusion, Explanation, OfferFilter, OfferList } from './recommendation.type.ts'

const RECOMMENDED_WITHIN = 10
/** More candidates than any one customer's paths reach; `explain` ranks among all of them. */
const ALL_CANDIDATES = 100_000

const MAX_BASKET = 100

type Ask = { customerId: string; where?: OfferFilter | null; model?: string | null; evidence: number }

type BasketAsk = Omit<Ask, 'customerId'> & { productIds: string[]; customerId?: string | null; first: number }

export type RecommendationService = ReturnType<typeof createRecommendationService>

export function createRecommendationService({ graph, models }: { graph: Graph; models: ModelService }) {
  /** The customer and the model in one round trip. */
  async function subject(customerId: string, model: string | null | undefined, signal: AbortSignal) {
    const found = await graph.query('recommendation/subject', { customerId, model }, { signal })
    if (!found?.customerId) throw notFound('Customer', customerId)
    return { products: found.products, version: models.versionOf(model ?? null, found.model) }
  }

  return {
    /** @throws NOT_FOUND for an unknown customer or model, BAD_USER_INPUT for an argument out of bounds. */
    async crossSell(
      { customerId, first, where, model, evidence }: Ask & { first: number },
      signal: AbortSignal,
    ): Promise<OfferList> {
      checkId('customerId', customerId)
      checkFirst('first', first)
      checkAsk(where, model, evidence)
      const { products, version } = await subject(customerId, model, signal)
      const rows = await graph.query(
        'recommendation/cross-sell',
        { customerId, first, evidence, ...learned(version), ...filters(where) },
        { signal },
      )
      return {
        model: version,
        asOf: version.asOf,
        computedAt: new Date().toISOString(),
        source: OfferSource.LIVE,
        items: rows.map((row, index) => toOffer(customerId, row, index)),
        note: noteFor(rows.length, products),
      }
    },

    /** What goes with a basket. Offers may be owned unless `includeOwned` is false and the customer is given. */
    async completeBasket(
      { productIds, customerId, first, where, model, evidence }: BasketAsk,
      signal: AbortSignal,
    ): Promise<OfferList> {
      checkRange('productIds', productIds.length, 1, MAX_BASKET)
      checkIds('productIds', productIds)
      checkFirst('first', first)
      if (customerId != null) checkId('customerId', customerId)
      checkAsk(where, model, evidence)
      const [known, version] = await Promise.all([
        graph.query('catalog/known', { productIds }, { signal }),
        customerId == null
          ? models.serving(model ?? null, signal)
          : subject(customerId, model, signal).then((found) => found.version),
      ])
      const unknown = productIds.find((id) => !known.some(({ productId }) => productId === id))
      if (unknown !== undefined) throw notFound('Product', unknown)
      const { id, asOf } = version
      const asked = { productIds: [...new Set(productIds)], customerId, first, evidence, model: id }
      const allowed = { ...filters(where), includeOwned: where?.includeOwned ?? true }
      const rows = await graph.query('recommendation/complete-basket', { ...asked, ...allowed }, { signal })
      const note =
        rows.length > 0 ? null : 'Nothing that passes the filters was bought together with this basket often enough.'
      const items = rows.map((row, index) => toOffer(null, row, index))
      return { model: version, asOf, computedAt: new Date().toISOString(), source: OfferSource.LIVE, items, note }
    },

    /** @throws NOT_FOUND for an unknown customer, product or model. */
    async explain(
      { customerId, productId, where, model, evidence }: Ask & { productId: string },
      signal: AbortSignal,
    ): Promise<Explanation> {
      checkId('customerId', customerId)
      checkId('productId', productId)
      checkAsk(where, model, evidence)
      const { version } = await subject(customerId, model, signal)
      const [pair, candidates] = await Promise.all([
        graph.query('recommendation/pair', { customerId, productId, ...learned(version) }, { signal }),
        graph.query(
          'recommendation/cross-sell',
          { customerId, first: ALL_CANDIDATES, evidence: 0, ...learned(version), ...filters(where) },
          { signal },
        ),
      ])
      if (!pair) throw notFound('Product', productId)

      const index = candidates.findIndex((candidate) => candidate.productId === productId)
      const rank = index === -1 ? null : index + 1
      const score = pair.evidence.reduce((sum, path) => sum + path.contribution, 0)
      const shown = pair.evidence.slice(0, evidence)
      return {
        recommended: rank !== null && rank <= RECOMMENDED_WITHIN,
        rank,
        score,
        whyNot: exclusions(pair, rank, where ?? {}),
        evidence: shown.map((path) => boughtWithEvidence(path, score, { customerId, offered: pair.product })),
        otherContribution: pair.evidence.slice(evidence).reduce((sum, path) => sum + path.contribution, 0),
      }
    },

    /** @throws NOT_FOUND for an unknown product. Sorted by cosine, then id. */
    async affinities(
      {
        productId,
        kind,
        first,
        minOrders,
      }: { productId: string; kind: AffinityKind; first: number; minOrders: number },
      signal: AbortSignal,
    ): Promise<Affinity[]> {
      checkId('productId', productId)
      checkFirst('first', first)
      checkRange('minOrders', minOrders, 1, 1_000_000)
      if (!(await graph.query('catalog/exists', { productId }, { signal }))) throw notFound('Product', productId)
      const ask = { productId, first, minOrders }
      const rows =
        kind === AffinityKind.BOUGHT_WITH
          ? await graph.query('recommendation/affinities-with', ask, { signal })
          : await graph.query('recommendation/affinities-after', ask, { signal })
      return rows.map((row) => ({ medianDays: null, ...row, ofId: productId }))
    },
  }
}

function checkAsk(where: OfferFilter | null | undefined, model: string | null | undefined, evidence: number): void {
  checkRange('evidence', evidence, 0, 50)
  if (model != null) checkId('model', model)
  for (const name of ['categories', 'excludeCategories', 'brands', 'excludeProducts'] as const) {
    checkIds(`where.${name}`, where?.[name] ?? [])
  }
  const { minPrice, maxPrice } = where ?? {}
  if (minPrice != null && maxPrice != null && minPrice > maxPrice) {
    throw badInput('where.minPrice', 'where.minPrice is above where.maxPrice.')
  }
}

const learned = ({ id, asOf, halfLifeDays }: ModelVersion) => ({ model: id, asOf, halfLifeDays })

function filters(where: OfferFilter | null | undefined) {
  const given = <T>(items: T[] | null | undefined) => (items?.length ? items : null)
  return {
    includeOwned: where?.includeOwned ?? false,
    categories: given(where?.categories),
    excludeCategories: given(where?.excludeCategories),
    brands: given(where?.brands),
    excludeProducts: given(where?.excludeProducts),
    minPrice: where?.minPrice ?? null,
    maxPrice: where?.maxPrice ?? null,
  } satisfies Partial<Params<'recommendation/cross-sell'>>
}

function noteFor(offers: number, products: number): string | null {
  if (offers > 0) return null
  return products === 0
    ? 'This customer has bought nothing yet, so no path starts from here.'
    : 'No path from what this customer buys leads to a product that passes the filters.'
}

function exclusions(
  { product, timesBought, evidence }: Row<'recommendation/pair'>,
  rank: number | null,
  where: OfferFilter,
): Exclusion[] {
  const found: Exclusion[] = []
  const because = (code: ExclusionCode, message: string) => found.push({ code, message })
  if (!product.merchandise)
    because(ExclusionCode.NOT_MERCHANDISE, `${product.name} is not merchandise (fuel, coupons, deposits and the like).`)
  if (!product.active) because(ExclusionCode.INACTIVE, `${product.name} is no longer sold.`)
  if (timesBought > 0 && !where.includeOwned)
    because(ExclusionCode.OWNED, `This customer already bought it ${timesBought} times.`)
  const filter = filterAgainst(product, where)
  if (filter) because(ExclusionCode.FILTERED, `where.${filter} leaves it out.`)
  if (evidence.length === 0) because(ExclusionCode.NO_PATH, 'No path leads to it from what this customer buys.')
  if (rank !== null && rank > RECOMMENDED_WITHIN)
    because(ExclusionCode.BELOW_RANK, `It ranks ${rank}; the first ${RECOMMENDED_WITHIN} are recommended.`)
  return found
}
