import { createHash } from 'node:crypto'
import { type PlacedOrder, type Purchases, toPurchases } from '../engine/purchases.ts'
import type { MerchandiseLines } from './lines.ts'

/** What is recommended: products, or the types they belong to (`product_category | product_type`, `?` for a missing part). */
export type Level = 'product' | 'type'
/** B: cross-sell, everything in the window that is new to the customer. A: the next basket, owned items allowed. */
export type ListTask = 'A' | 'B'
/** Which item of a basket is held out: any, or one its customer never bought before the cut. */
export type Variant = 'any' | 'new'
export type Truth = ReadonlyMap<string, ReadonlySet<string>>
/** A test basket without the item to find; `id` is the order's. */
export type Case = { id: string; customerId: string; basket: string[]; held: string }

/** Bought by at least so many customers before the cut: in the catalogue. */
export const MIN_CUSTOMERS = 5
/** Customers with at least so many orders before the cut are evaluated. */
const MIN_ORDERS = 3
const MIN_BASKET = 3
/** Baskets a customer. */
const MAX_CASES = 3

export type Split = {
  level: Level
  /** Epoch milliseconds: training is before `cut`, the test from `cut` to before `end`. */
  cut: number
  end: number
  /** Everything bought before the cut; all that an evaluated recommender may know. */
  training: Purchases
  /** Orders of the test in the order of the file, items as on their lines. */
  test: readonly PlacedOrder[]
  catalogue: ReadonlySet<string>
  /** The evaluated ones. */
  customers: ReadonlySet<string>
  /** What a customer bought before the cut, whether in the catalogue or not. */
  history(customerId: string): ReadonlySet<string>
  /** Merchandise lines before the cut. */
  trainLines: number
}

/** @throws when the window is empty, or nothing was bought before the cut. */
export function splitAt(lines: MerchandiseLines, { level, cut, end }: { level: Level; cut: Date; end: Date }): Split {
  if (!(cut < end)) throw new Error(`the test ends (${end.toISOString()}) before it starts (${cut.toISOString()})`)
  const name =
    level === 'product' ? (at: number) => lines.products[at]! : (at: number) => lines.types[lines.typeOf[at]!]!
  const before: PlacedOrder[] = []
  const test: PlacedOrder[] = []
  let trainLines = 0
  for (let order = 0; order < lines.orders.length; order++) {
    const placedAt = lines.placedAt[order]!
    if (placedAt >= end.getTime()) continue
    const items = Array.from(lines.line.subarray(lines.lineStart[order]!, lines.lineStart[order + 1]!), name)
    const placed = { customerId: lines.customerOf[order]!, placedAt, id: lines.orders[order]!, items }
    if (placedAt < cut.getTime()) trainLines += items.length
    ;(placedAt < cut.getTime() ? before : test).push(placed)
  }
  if (before.length === 0) throw new Error(`nothing was bought before the cut, ${cut.toISOString()}`)
  const training = toPurchases(before)
  assertNothingAfter(training, cut)
  return {
    level,
    cut: cut.getTime(),
    end: end.getTime(),
    training,
    test,
    catalogue: catalogueOf(training),
    customers: new Set(training.customers.filter((_, at) => ordersOf(training, at) >= MIN_ORDERS)),
    history: historyOf(training),
    trainLines,
  }
}

/**
 * The guard against a leak: whoever learns from these purchases must not see the test.
 * @throws when any order was placed at or after the cut; names how many and the latest.
 */
export function assertNothingAfter(purchases: Purchases, cut: Date): void {
  let [late, latest] = [0, -1]
  purchases.placedAt.forEach((at, order) => {
    if (at < cut.getTime()) return
    late++
    if (latest < 0 || at > purchases.placedAt[latest]!) latest = order
  })
  if (late === 0) return
  // The customer whose last order is not before this one: orderStart ascends.
  const customer = purchases.customers[purchases.orderStart.findIndex((start) => start > latest) - 1]
  const at = new Date(purchases.placedAt[latest]!).toISOString()
  throw new Error(
    `the training data sees beyond the cut ${cut.toISOString()}: ${late} of ${purchases.placedAt.length} orders are not before it, ` +
      `the latest of customer ${customer} at ${at}`,
  )
}

const ordersOf = (purchases: Purchases, customer: number): number =>
  purchases.orderStart[customer + 1]! - purchases.orderStart[customer]!

/** Lines of all of a customer's orders, as indices into items; with repetitions. */
const linesOf = (purchases: Purchases, customer: number): Int32Array =>
  purchases.line.subarray(
    purchases.lineStart[purchases.orderStart[customer]!]!,
    purchases.lineStart[purchases.orderStart[customer + 1]!]!,
  )

function catalogueOf(purchases: Purchases): Set<string> {
  const buyers = new Int32Array(purchases.items.length)
  for (let customer = 0; customer < purchases.customers.length; customer++)
    for (const item of new Set(linesOf(purchases, customer))) buyers[item]!++
  return new Set(purchases.items.filter((_, item) => buyers[item]! >= MIN_CUSTOMERS))
}

/** Made for one customer at a time, when first asked for. */
function historyOf(purchases: Purchases): Split['history'] {
  const customerAt = new Map(purchases.customers.map((id, at) => [id, at]))
  const known = new Map<string, ReadonlySet<string>>()
  return (customerId) => {
    const ready = known.get(customerId)
    if (ready) return ready
    const at = customerAt.get(customerId)
    const items = at === undefined ? [] : Array.from(linesOf(purchases, at), (item) => purchases.items[item]!)
    const history = new Set(items)
    known.set(customerId, history)
    return history
  }
}

/** What each evaluated customer bought that a list could have named; customers with nothing of the kind are left out. */
export function truthOf(split: Split, task: ListTask): Truth {
  const truth = new Map<string, Set<string>>()
  for (const order of task === 'A' ? firstOrders(split) : split.test) {
    if (!split.customers.has(order.customerId)) continue
    const history = split.history(order.customerId)
    for (const item of order.items) {
      if (!split.catalogue.has(item) || (task === 'B' && history.has(item))) continue
      const items = truth.get(order.customerId)
      if (items) items.add(item)
      else truth.set(order.customerId, new Set([item]))
    }
  }
  return truth
}

function firstOrders(split: Split): Iterable<PlacedOrder> {
  const compare = idOrder(split.test.map((order) => order.id))
  const first = new Map<string, PlacedOrder>()
  for (const order of split.test) {
    const known = first.get(order.customerId)
    if (!known || (order.placedAt - known.placedAt || compare(order.id, known.id)) < 0)
      first.set(order.customerId, order)
  }
  return first.values()
}

/**
 * Basket completion: of each test basket with at least 3 distinct catalogue items, one is held out, chosen by the hash of the
 * order's id; the same hash chooses at most 3 baskets a customer, and orders the cases.
 */
export function casesOf(split: Split, variant: Variant): Case[] {
  const compare = idOrder([...split.catalogue])
  const all: (Case & { hash: Buffer })[] = []
  for (const { id, customerId, items } of split.test) {
    if (!split.customers.has(customerId)) continue
    const basket = [...new Set(items)].filter((item) => split.catalogue.has(item)).sort(compare)
    const history = split.history(customerId)
    const pool = variant === 'any' ? basket : basket.filter((item) => !history.has(item))
    if (basket.length < MIN_BASKET || pool.length === 0) continue
    const hash = createHash('sha256').update(`${id}:${variant}:${split.level}`).digest()
    const held = pool[Number(hash.readBigUInt64BE() % BigInt(pool.length))]!
    all.push({ id, customerId, basket: basket.filter((item) => item !== held), held, hash })
  }
  const kept = new Map<string, number>()
  return all
    .sort((a, b) => a.hash.compare(b.hash))
    .filter(({ customerId }) => {
      const cases = (kept.get(customerId) ?? 0) + 1
      kept.set(customerId, cases)
      return cases <= MAX_CASES
    })
    .map(({ hash: _, ...kase }) => kase)
}

/** Whole numbers by their value when all ids are such, else by string: as a reader that knows types orders a column. */
function idOrder(ids: readonly string[]): (a: string, b: string) => number {
  const byString = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  if (!ids.every((id) => /^(0|[1-9]\d*)$/.test(id))) return byString
  return (a, b) => a.length - b.length || byString(a, b)
}
