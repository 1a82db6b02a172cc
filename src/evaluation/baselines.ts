import { byItem, type Groups } from '../engine/groups.ts'
import type { Purchases } from '../engine/purchases.ts'
import type { Evaluated } from './evaluate.ts'
import { best, customerGroups, groupsPerItem, orderGroups, pathSums } from './paths.ts'
import { MIN_CUSTOMERS } from './split.ts'

/**
 * What to beat. Each learns from purchases alone, offers nothing that fewer than 5 customers bought, and its parameters were
 * chosen on the cut of 2017-11-01 (test of one month), products by NDCG@10.
 */

const DAY = 86_400_000

type Shelf = {
  /** [items] Distinct customers. */
  buyers: Int32Array
  /** Distinct items by customer index. */
  byCustomer: Groups
  /** Indices of the customer's items; none for a stranger. */
  owned(customerId: string): Int32Array
  /** Indices of the items that are known; others are left out. */
  known(items: readonly string[]): number[]
  /** The best `first` by score, none of `without`. */
  offer(scores: ArrayLike<number>, first: number, ...without: Iterable<number>[]): string[]
}

function shelf(purchases: Purchases): Shelf {
  const { customers, items } = purchases
  const byCustomer = customerGroups(purchases)
  const buyers = groupsPerItem(byCustomer, items.length)
  const customerAt = new Map(customers.map((id, at) => [id, at]))
  const itemAt = new Map(items.map((id, at) => [id, at]))
  const hidden = new Uint8Array(items.length)
  return {
    buyers,
    byCustomer,
    owned: (customerId) => {
      const at = customerAt.get(customerId)
      return at === undefined
        ? new Int32Array()
        : byCustomer.member.subarray(byCustomer.start[at]!, byCustomer.start[at + 1]!)
    },
    known: (ids) => ids.map((id) => itemAt.get(id)).filter((at) => at !== undefined),
    offer: (scores, first, ...without) => {
      for (const group of without) for (const item of group) hidden[item] = 1
      const top = best(scores, first, (item) => buyers[item]! >= MIN_CUSTOMERS && hidden[item] === 0)
      for (const group of without) for (const item of group) hidden[item] = 0
      return top.map((item) => items[item]!)
    },
  }
}

/** The same ranking for everyone, without what the question excludes. */
function ranking(name: string, { owned, known, offer }: Shelf, scores: ArrayLike<number>): Evaluated {
  return {
    name,
    crossSell: (customerId, first) => offer(scores, first, owned(customerId)),
    nextBasket: (_, first) => offer(scores, first),
    completeBasket: (basket, customerId, first, { includeOwned }) =>
      offer(scores, first, known(basket), includeOwned ? [] : owned(customerId)),
  }
}

/** Items by the number of customers who ever bought them. */
export function popularity(purchases: Purchases): Evaluated {
  const stock = shelf(purchases)
  return ranking('popularity', stock, stock.buyers)
}

/** Items by the number of customers who bought them in the last days before `asOf` (epoch milliseconds). */
export function recentPopularity(purchases: Purchases, asOf: number, days = 35): Evaluated {
  const { customers, orderStart, placedAt, lineStart, line, items } = purchases
  const buyers = new Int32Array(items.length)
  const lastBuyer = new Int32Array(items.length).fill(-1)
  for (let customer = 0; customer < customers.length; customer++) {
    for (let order = orderStart[customer]!; order < orderStart[customer + 1]!; order++) {
      if (placedAt[order]! < asOf - days * DAY) continue
      for (let n = lineStart[order]!; n < lineStart[order + 1]!; n++) {
        const item = line[n]!
        if (lastBuyer[item] === customer) continue
        lastBuyer[item] = customer
        buyers[item]!++
      }
    }
  }
  return ranking('recent popularity', shelf(purchases), buyers)
}

/** Items by the number of times an order holds both them and an own product (or one of the basket), summed over those. */
export function coPurchase(purchases: Purchases): Evaluated {
  const { owned, known, offer } = shelf(purchases)
  const one = () => 1
  const sums = pathSums(orderGroups(purchases), purchases.items.length, { from: one, via: one, to: one })
  return {
    name: 'co-purchase count',
    crossSell: (customerId, first) => offer(sums(owned(customerId)), first, owned(customerId)),
    nextBasket: null,
    completeBasket: (basket, customerId, first, { includeOwned }) =>
      offer(sums(known(basket)), first, known(basket), includeOwned ? [] : owned(customerId)),
  }
}

/**
 * Items by the sum over own products of the pair's lift (orders of both x all orders / (orders of one x orders of the other)),
 * of each own product's 100 highest among the pairs with at least `floor` orders. The floor is high because lift loves rare pairs:
 * on the month it was chosen on, 200 orders gave an NDCG@10 of .036 and 5 orders .010.
 */
export function lift(purchases: Purchases, floor = 200, perItem = 100): Evaluated {
  const { owned, offer } = shelf(purchases)
  const items = purchases.items.length
  const pairs = liftPairs(orderGroups(purchases), items, floor, perItem)
  return {
    name: 'lift',
    crossSell: (customerId, first) => {
      const sums = new Float64Array(items)
      for (const own of owned(customerId)) for (const { item, lift } of pairs[own]!) sums[item]! += lift
      return offer(sums, first, owned(customerId))
    },
    nextBasket: null,
    completeBasket: null,
  }
}

type Pair = { item: number; lift: number }

/** [items] Each item's pairs of highest lift. */
function liftPairs(groups: Groups, items: number, floor: number, perItem: number): Pair[][] {
  const orders = groups.start.length - 1
  const ordersOf = byItem(groups, items)
  const together = new Int32Array(items)
  const support = (item: number) => ordersOf.start[item + 1]! - ordersOf.start[item]!
  return Array.from({ length: items }, (_, item) => {
    if (support(item) < floor) return []
    const seen: number[] = []
    for (const order of ordersOf.member.subarray(ordersOf.start[item]!, ordersOf.start[item + 1]!)) {
      for (let n = groups.start[order]!; n < groups.start[order + 1]!; n++) {
        const other = groups.member[n]!
        if (together[other]!++ === 0 && other !== item) seen.push(other)
      }
    }
    const pairs = seen
      .filter((other) => together[other]! >= floor)
      .map((other) => ({ item: other, lift: (together[other]! * orders) / (support(item) * support(other)) }))
    for (const other of seen) together[other] = 0
    together[item] = 0
    return pairs.sort((a, b) => b.lift - a.lift || a.item - b.item).slice(0, perItem)
  })
}

/**
 * RP3beta: items by the probability that a walk own product -> customer -> item, each step uniform, ends there, divided by the
 * item's customers to the power of beta.
 */
export function rp3beta(purchases: Purchases, beta = 0.3): Evaluated {
  const { buyers, byCustomer, owned, offer } = shelf(purchases)
  const sums = pathSums(byCustomer, purchases.items.length, {
    from: (item) => 1 / buyers[item]!,
    via: (customer) => 1 / (byCustomer.start[customer + 1]! - byCustomer.start[customer]!),
    to: (item) => buyers[item]! ** -beta,
  })
  return {
    name: 'RP3beta',
    crossSell: (customerId, first) => offer(sums(owned(customerId)), first, owned(customerId)),
    nextBasket: null,
    completeBasket: null,
  }
}

/** Own items by how often the customer ordered them, an order half as much for every 90 days before `asOf` (epoch milliseconds). */
export function personalFrequency(purchases: Purchases, asOf: number, halfLifeDays = 90): Evaluated {
  const { customers, items, orderStart, placedAt, lineStart, line } = purchases
  const { offer } = shelf(purchases)
  const customerAt = new Map(customers.map((id, at) => [id, at]))
  return {
    name: 'personal frequency',
    crossSell: null,
    nextBasket: (customerId, first) => {
      const sums = new Float64Array(items.length)
      const at = customerAt.get(customerId)
      if (at === undefined) return []
      for (let order = orderStart[at]!; order < orderStart[at + 1]!; order++) {
        const weight = 0.5 ** ((asOf - placedAt[order]!) / DAY / halfLifeDays)
        for (let n = lineStart[order]!; n < lineStart[order + 1]!; n++) sums[line[n]!]! += weight
      }
      return offer(sums, first)
    },
    completeBasket: null,
  }
}

/** Items by the sum over the basket of the pair's cosine: orders of both / sqrt(orders of one x orders of the other). */
export function orderCosine(purchases: Purchases): Evaluated {
  const { owned, known, offer } = shelf(purchases)
  const groups = orderGroups(purchases)
  const orders = groupsPerItem(groups, purchases.items.length)
  const root = (item: number) => 1 / Math.sqrt(orders[item]!)
  const sums = pathSums(groups, purchases.items.length, { from: root, via: () => 1, to: root })
  return {
    name: 'order cosine',
    crossSell: null,
    nextBasket: null,
    completeBasket: (basket, customerId, first, { includeOwned }) =>
      offer(sums(known(basket)), first, known(basket), includeOwned ? [] : owned(customerId)),
  }
}

/** All of them, in the order of the tables; `asOf` in epoch milliseconds, the cut. */
export const baselines = (purchases: Purchases, asOf: number): Evaluated[] => [
  popularity(purchases),
  recentPopularity(purchases, asOf),
  coPurchase(purchases),
  lift(purchases),
  rp3beta(purchases),
  personalFrequency(purchases, asOf),
  orderCosine(purchases),
]
