import type { GraphQLField } from 'graphql'
import { ROOTS } from '../auth/table.ts'
import type { Selected } from './selection.ts'

/** What a statement costs, and each row it brings or writes. */
type Price = { base: number; row: number }

/**
 * About a millisecond a unit, with one in flight on the whole Complete Journey: offers by `npm run bench -- crossSell completeBasket`, writes by
 * `-- load writers`; the others are set by what they read, not measured one by one.
 */
export const PRICES: Readonly<Record<string, Price>> = {
  'Query.me': { base: 0, row: 0 },
  'Query.crossSell': { base: 45, row: 0.3 },
  'Query.completeBasket': { base: 45, row: 0.3 },
  'Query.explain': { base: 45, row: 0 },
  'Query.affinities': { base: 60, row: 0.1 },
  // Everything is ranked again, up to 50 times.
  'Explanation.counterfactual': { base: 100, row: 0 },
  'Mutation.recordOrders': { base: 5, row: 2 },
  'Mutation.recordViews': { base: 5, row: 0.5 },
  'Mutation.recordInteractions': { base: 5, row: 0.5 },
  'Mutation.upsertProducts': { base: 5, row: 0.5 },
  'Mutation.upsertCustomers': { base: 5, row: 0.5 },
}
/** BOUGHT_AFTER goes over all orders there are. */
export const AFFINITIES_AFTER: Price = { base: 1_000, row: 0.1 }
/** Any other root field; below it a list of nodes costs its rows, as often as there are rows above it. */
export const READ: Price = { base: 3, row: 0.03 }

/** @limit's default and its maximum. */
const USUAL_ROWS = 20
const MOST_ROWS = 100

/** Whole units; 0 for what asks the graph nothing. */
export const costOf = (selected: readonly Selected[]): number => Math.ceil(sum(selected, 1))

const sum = (selected: readonly Selected[], times: number): number =>
  selected.reduce((total, one) => total + costOfOne(one, times), 0)

function costOfOne({ parent, field, args, inner }: Selected, times: number): number {
  const root = ROOTS.includes(parent)
  const name = `${parent}.${field.name}`
  const { base, row } = root ? priceOf(name, args) : (PRICES[name] ?? { ...READ, base: 0 })
  const rows = rowsOf(field, args)
  return base + row * times * (rows ?? 0) + sum(inner, times * (rows ?? 1))
}

const priceOf = (name: string, args: Selected['args']): Price =>
  name === 'Query.affinities' && args.kind === 'BOUGHT_AFTER' ? AFFINITIES_AFTER : (PRICES[name] ?? READ)

/** Null for a field whose size another one decides: the edges of a connection, the items of a list of offers. */
function rowsOf(field: GraphQLField<unknown, unknown>, args: Selected['args']): number | null {
  const size = field.args.find(({ name }) => name === 'limit' || name === 'first')
  if (size) return Math.min(Math.max(Number(args[size.name] ?? USUAL_ROWS), 0), MOST_ROWS)
  const sent = Object.values(args).find(Array.isArray)
  return sent ? sent.length : null
}
