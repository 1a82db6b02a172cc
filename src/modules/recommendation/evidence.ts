import { Direction, EvidenceKind } from '../../generated/enums.ts'
import type { Row } from '../../graph/query.ts'
import type { Evidence, Offer, OfferFilter, PathStep, Support } from './recommendation.type.ts'

type OfferRow = Row<'recommendation/cross-sell'> | Row<'recommendation/complete-basket'>
/** `times`: how often the customer bought the own product; of a basket's product it is not asked. */
type BoughtWithPath = Omit<OfferRow['evidence'][number], 'times'> & { times?: number | null }

/** Where a path begins, at a customer or (null) in a basket, and where it ends. */
type Ends = { customerId: string | null; offered: { id: string; name: string } }

/** Fewer distinct customers than this and the counts are withheld: they could point at a person. */
export const MIN_CUSTOMERS = 5

const times = (n: number, one = 'time', many = `${one}s`) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`

export function boughtWithEvidence(path: BoughtWithPath, total: number, ends: Ends): Evidence {
  const enough = path.customers >= MIN_CUSTOMERS
  const behind = enough
    ? `in ${times(path.orders, 'order')}, ${chance(path.lift)}`
    : `by fewer than ${MIN_CUSTOMERS} customers`
  const own =
    path.times == null
      ? `${path.ownName} is in the basket`
      : `this customer bought ${path.ownName} ${times(path.times)}`
  return {
    kind: EvidenceKind.BOUGHT_WITH,
    contribution: path.contribution,
    share: total === 0 ? 0 : Math.abs(path.contribution) / total,
    reason: `Bought together with ${path.ownName} ${behind}; ${own}`,
    path: boughtWithSteps(path, ends),
    support: enough ? supportOf(path) : null,
  }
}

const chance = (lift: number) =>
  lift >= 1.05
    ? `${lift.toLocaleString('en', { maximumFractionDigits: 1 })} times more often than chance`
    : 'about as often as chance'

function boughtWithSteps({ ownId, ownName }: BoughtWithPath, { customerId, offered }: Ends): PathStep[] {
  const own = { label: 'Product', id: ownId, name: ownName }
  const start: PathStep[] =
    customerId === null
      ? [{ ...own, relationship: null, direction: null }]
      : [
          { label: 'Customer', id: customerId, name: 'this customer', relationship: null, direction: null },
          { ...own, relationship: 'BOUGHT', direction: Direction.OUT },
        ]
  return [
    ...start,
    { label: 'Product', id: offered.id, name: offered.name, relationship: 'BOUGHT_WITH', direction: Direction.OUT },
  ]
}

const supportOf = ({ orders, customers, support, confidence, lift, cosine }: BoughtWithPath): Support => ({
  orders,
  customers,
  support,
  confidence,
  lift,
  cosine,
  medianDays: null,
})

/** The paths shown, and the sum of those that are not. Every path of this kind adds; so |contribution| sums to the score. */
export function toOffer(customerId: string | null, row: OfferRow, index: number): Offer {
  const ends = { customerId, offered: { id: row.productId, name: row.productName } }
  const evidence = row.evidence.map((path) => boughtWithEvidence(path, row.score, ends))
  return {
    productId: row.productId,
    rank: index + 1,
    score: row.score,
    reason:
      evidence[0]?.reason ??
      `Bought together with ${times(row.paths, 'product')} of this ${customerId === null ? 'basket' : 'customer'}`,
    evidence,
    otherContribution: row.otherContribution,
  }
}

type Facts = Row<'recommendation/pair'>['product']

/** Which filter leaves this product out, by name; null when none does. Mirrors the WHERE of recommendation/cross-sell. */
export function filterAgainst(product: Facts, where: OfferFilter): string | null {
  const categoryIds = [
    `department:${product.department ?? '?'}`,
    `category:${product.category ?? '?'}`,
    `${product.category ?? '?'} | ${product.type ?? '?'}`,
  ]
  const has = (ids: string[] | null | undefined) => categoryIds.some((id) => ids?.includes(id))
  if (where.categories?.length && !has(where.categories)) return 'categories'
  if (has(where.excludeCategories)) return 'excludeCategories'
  if (where.brands?.length && !where.brands.includes(product.brand ?? '')) return 'brands'
  if (where.excludeProducts?.includes(product.id)) return 'excludeProducts'
  if (where.minPrice != null && !(product.price != null && product.price >= where.minPrice)) return 'minPrice'
  if (where.maxPrice != null && !(product.price != null && product.price <= where.maxPrice)) return 'maxPrice'
  return null
}
