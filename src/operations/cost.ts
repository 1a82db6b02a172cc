import type { GraphQLField } from 'graphql'
import { ROOTS } from '../auth/table.ts'
import type { Selected } from './selection.ts'

/** What a statement costs, and each row it brings or writes. */
type Price = { base: number; row: number }

/**
 * About a millisecond a unit, with one in flight on the whole Complete Journey: by `npm run bench -- cost affinities`, scaled to idle cores by
 * what `-- crossSell` takes there.
 */
export const PRICES: Readonly<Record<string, Price>> = {
  'Query.me': { base: 0, row: 0 },
  'Query.crossSell': { base: 25, row: 0.6 },
  'Query.completeBasket': { base: 20, row: 0.2 },
  'Query.explain': { base: 15, row: 0 },
  // Two answers, by two models.
  'Query.modelDiff': { base: 60, row: 0 },
  'Query.affinities': { base: 1_000, row: 0.1 },
  // Up to a hundred conditions, over 100,000 customers.
  'Query.segmentPreview': { base: 500, row: 0 },
  // Goes over all that went out for as long as a cap looks back.
  'Query.capped': { base: 1_000, row: 0.1 },
  // Everything is ranked again, up to 50 times.
  'Explanation.counterfactual': { base: 100, row: 0 },
  'Query.replayDecision': { base: 40, row: 0 },
  // It takes its time, but of itself: between its batches others are answered.
  'Mutation.buildAudience': { base: 100, row: 0 },
  // Everybody it was sent to, and what they ordered.
  'Query.campaignPerformance': { base: 1_000, row: 0 },
  'Query.pendingDecisions': { base: 100, row: 0.5 },
  'Mutation.acknowledgeDecisions': { base: 20, row: 0.5 },
  'AudienceProgress.reasons': { base: 100, row: 0 },
  'Mutation.createCampaign': { base: 10, row: 0 },
  'Mutation.updateCampaign': { base: 10, row: 0 },
  'Mutation.recordOrders': { base: 15, row: 3 },
  'Mutation.recordViews': { base: 15, row: 0.5 },
  'Mutation.recordInteractions': { base: 15, row: 0.5 },
  'Mutation.upsertProducts': { base: 15, row: 0.5 },
  'Mutation.upsertCustomers': { base: 15, row: 0.5 },
  'Subscription.offersChanged': { base: 30, row: 0 },
}
/** Everyone is scored, and what speaks for a member is read where it is asked for: for a product much more of it. */
const AUDIENCE = { campaign: { base: 1_000, evidence: 0.5 }, product: { base: 3_000, evidence: 15 } } as const
/** BOUGHT_AFTER goes over all orders there are. */
export const AFFINITIES_AFTER: Price = { base: 4_500, row: 0.1 }
/** Any other root field; below it a list of nodes costs its rows, as often as there are rows above it. */
export const READ: Price = { base: 3, row: 0.03 }
/** A read that has to look at all there is: by anything but an id, or in an order. */
export const SCAN: Price = { base: 50, row: 0.03 }

/** @limit's default and its maximum. */
const USUAL_ROWS = 20
const MOST_ROWS = 100
const MOST_MEMBERS = 10_000
const LONG: ReadonlySet<string> = new Set(['Query.audience', 'Query.pendingDecisions'])

/** Whole units; 0 for what asks the graph nothing. */
export const costOf = (selected: readonly Selected[]): number => Math.ceil(sum(selected, 1))

const sum = (selected: readonly Selected[], times: number): number =>
  selected.reduce((total, one) => total + costOfOne(one, times), 0)

function costOfOne(one: Selected, times: number): number {
  const { parent, field, args, inner } = one
  const root = ROOTS.includes(parent)
  const name = `${parent}.${field.name}`
  const { base, row } = root ? priceOf(name, one) : (PRICES[name] ?? { ...READ, base: 0 })
  const rows = rowsOf(field, args, LONG.has(name) ? MOST_MEMBERS : MOST_ROWS)
  return base + row * times * (rows ?? 0) + sum(inner, times * (rows ?? 1))
}

function priceOf(name: string, { args, inner }: Selected): Price {
  if (name === 'Query.audience') return audiencePrice(args, inner)
  if (name === 'Query.affinities' && args.kind === 'BOUGHT_AFTER') return AFFINITIES_AFTER
  return PRICES[name] ?? (isScan(args) ? SCAN : READ)
}

function audiencePrice({ productId }: Selected['args'], inner: readonly Selected[]): Price {
  const { base, evidence } = AUDIENCE[productId == null ? 'campaign' : 'product']
  const told = inner.some(({ inner }) => inner.some(({ field }) => field.name === 'evidence'))
  return { base, row: READ.row + (told ? evidence : 0) }
}

function isScan({ where, sort }: Selected['args']): boolean {
  const { id, ...others } = (where ?? {}) as Record<string, object>
  const looksUp = Object.keys(id ?? {}).every((how) => how === 'eq' || how === 'in')
  return !looksUp || Object.keys(others).length > 0 || (Array.isArray(sort) && sort.length > 0)
}

/** Null for a field whose size another one decides: the edges of a connection, the items of a list of offers. */
function rowsOf(field: GraphQLField<unknown, unknown>, args: Selected['args'], most: number): number | null {
  const size = field.args.find(({ name }) => name === 'limit' || name === 'first')
  if (size) return Math.min(Math.max(Number(args[size.name] ?? USUAL_ROWS), 0), most)
  const sent = Object.values(args).find(Array.isArray)
  return sent ? sent.length : null
}
