/** Every kind of evidence, counted again from raw orders, views and interactions as recommendations.md says. Naive on purpose. */
import type { Parameters, Weights } from '../../src/modules/model/parameters.ts'
import { productsIn } from './counting.ts'
import { leastSquaresWithout } from './dense.ts'
import type { Market } from './market.ts'

const DAY_MS = 86_400_000
const half = (days: number, halfLife: number) => (days <= 0 ? 1 : 0.5 ** (days / halfLife))

type Basket = { customerId: string; at: number; products: string[] }
type Own = { id: string; times: number; weight: number; repeat: number; lastAt: number }
export type Amounts = Map<string, number>
/** Of a kind, to each product it leads to. */
export type Count = (customerId: string) => Amounts

/** Everything a model may know, and what each kind says of a customer or a basket. `now`: what customers own when they ask. */
export function countMarket(known: Market, parameters: Parameters, asOf: number, now: Market = known) {
  const sold = new Set(
    known.products.filter(({ department, active = true }) => department && active).map(({ id }) => id),
  )
  const basketsOf = ({ orders }: Market): Basket[] =>
    orders
      .map((order) => ({
        customerId: order.customerId,
        at: Date.parse(order.placedAt),
        products: [...productsIn(order)].filter((id) => sold.has(id)).sort(),
      }))
      .filter(({ products }) => products.length > 0)
  const baskets = basketsOf(known)
  const lately = basketsOf(now)
  const items = [...new Set(baskets.flatMap(({ products }) => products))].sort()
  const customers = [...new Set(baskets.map(({ customerId }) => customerId))].sort()
  const days = (at: number) => (asOf - at) / DAY_MS
  const boughtBy = (from: Basket[], customerId: string, id: string) =>
    from.filter((one) => one.customerId === customerId && one.products.includes(id))
  const lastOf = (from: Basket[], customerId: string, id: string) =>
    Math.max(...boughtBy(from, customerId, id).map(({ at }) => at))
  const buyersOf = (id: string, from = baskets) =>
    new Set(from.filter(({ products }) => products.includes(id)).map(({ customerId }) => customerId))
  const catalogue = items.filter((id) => buyersOf(id).size >= parameters.minCustomers)
  const typeOf = (id: string) => {
    const { category, type } = known.products.find((product) => product.id === id)!
    return category || type ? `${category ?? '?'} | ${type ?? '?'}` : null
  }

  /** What a customer owns at the time of asking, views included. */
  function own(customerId: string): Own[] {
    const viewed = now.views.filter((view) => view.customerId === customerId && sold.has(view.productId))
    const ids = new Set([
      ...lately.filter((one) => one.customerId === customerId).flatMap(({ products }) => products),
      ...viewed.map(({ productId }) => productId),
    ])
    return [...ids].sort().map((id) => {
      const bought = boughtBy(lately, customerId, id)
      const seen = viewed.filter(({ productId }) => productId === id).map(({ at }) => Date.parse(at))
      const sum = (at: number[], halfLife: number) => at.reduce((total, one) => total + half(days(one), halfLife), 0)
      const at = bought.map((one) => one.at)
      return {
        id,
        times: bought.length,
        weight: Math.log(
          1 + sum(at, parameters.halfLifeDays) + parameters.viewShare * sum(seen, parameters.halfLifeDays),
        ),
        repeat: sum(at, parameters.repeatHalfLifeDays),
        lastAt: Math.max(...(at.length > 0 ? at : seen)),
      }
    })
  }

  const inBasket = (ids: string[]): Own[] =>
    ids.map((id) => ({ id, times: 0, weight: 1 / Math.sqrt(ids.length), repeat: 0, lastAt: Number.NaN }))

  const adding = () => {
    const amounts: Amounts = new Map()
    return {
      amounts,
      add: (id: string, amount: number) => void amounts.set(id, (amounts.get(id) ?? 0) + amount),
    }
  }

  const repeat: Count = (customerId) =>
    new Map(own(customerId).flatMap(({ id, times, repeat }) => (times > 0 ? [[id, repeat] as const] : [])))

  /** Of what holds both: not enough to say anything. */
  const tooFew = (both: Basket[]) =>
    both.length < parameters.pairs.minOrders ||
    new Set(both.map(({ customerId }) => customerId)).size < parameters.pairs.minCustomers

  function boughtWith(from: Own[]): Amounts {
    const { amounts, add } = adding()
    const holding = (...ids: string[]) => baskets.filter(({ products }) => ids.every((id) => products.includes(id)))
    for (const one of from) {
      for (const other of items) {
        const both = holding(one.id, other)
        if (other === one.id || tooFew(both)) continue
        add(other, (one.weight * both.length) / Math.sqrt(holding(one.id).length * holding(other).length))
      }
    }
    return amounts
  }

  const pairs = baskets.flatMap((earlier) =>
    baskets
      .filter(
        ({ customerId, at }) =>
          customerId === earlier.customerId && at > earlier.at && at <= earlier.at + parameters.after.days * DAY_MS,
      )
      .map((later) => ({ earlier, later })),
  )
  const boughtAfter: Count = (customerId) => {
    const { amounts, add } = adding()
    for (const one of own(customerId)) {
      const after = pairs.filter(({ earlier }) => earlier.products.includes(one.id))
      for (const other of items) {
        const both = after.filter(({ later }) => later.products.includes(other))
        if (other === one.id || tooFew(both.map(({ later }) => later))) continue
        const ofOther = pairs.filter(({ later }) => later.products.includes(other)).length
        const between = both
          .map(({ earlier, later }) => Math.floor((later.at - earlier.at) / DAY_MS))
          .sort((a, b) => a - b)
        const typical = between[Math.ceil(between.length / 2) - 1]!
        const off = Math.abs(Math.max(0, days(one.lastAt)) - typical)
        add(
          other,
          one.weight * (both.length / Math.sqrt(after.length * ofOther)) * 0.5 ** (off / parameters.after.days),
        )
      }
    }
    return amounts
  }

  /** customers x items: what a model knows of who buys what. */
  const weightOf = (customerId: string, id: string) =>
    Math.log(
      1 + boughtBy(baskets, customerId, id).reduce((sum, { at }) => sum + half(days(at), parameters.halfLifeDays), 0),
    )
  const matrix = customers.map((customerId) => items.map((id) => weightOf(customerId, id)))
  const cosine = (a: number[], b: number[]) => {
    const dot = (x: number[], y: number[]) => x.reduce((sum, value, at) => sum + value * y[at]!, 0)
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
  }
  const similarCustomer: Count = (customerId) => {
    const { amounts, add } = adding()
    const mine = matrix[customers.indexOf(customerId)]
    if (!mine) return amounts
    const nearest = customers
      .map((id, at) => ({ id, alike: id === customerId ? 0 : cosine(mine, matrix[at]!) }))
      .filter(({ alike }) => alike > 0)
      .sort((a, b) => b.alike - a.alike)
      .slice(0, parameters.similar.neighbours)
    const all = nearest.reduce((sum, { alike }) => sum + alike, 0)
    for (const { id, alike } of nearest) {
      for (const item of items) {
        const last = lastOf(baskets, id, item)
        if (last > 0) add(item, (alike / all) * half(days(last), parameters.similar.halfLifeDays))
      }
    }
    return amounts
  }

  /** Each product's weights by a regression of its own, that may not use the product itself. */
  const fromCustomers = leastSquaresWithout(
    customers.map((customerId) => catalogue.map((id) => weightOf(customerId, id))),
    customers.map((customerId) =>
      catalogue.map((id) => {
        const last = lastOf(baskets, customerId, id)
        return last > 0 ? half(days(last), parameters.items.halfLifeDays) : 0
      }),
    ),
    parameters.items.lambda,
  )
  const inOrders = baskets.map(({ products }) => catalogue.map((id) => (products.includes(id) ? 1 : 0)))
  const fromOrders = leastSquaresWithout(inOrders, inOrders, parameters.basketItems.lambda)
  function itemModel(from: Own[], learned: number[][]): Amounts {
    const { amounts, add } = adding()
    for (const { id, weight } of from) {
      const row = learned[catalogue.indexOf(id)]
      for (const [at, item] of catalogue.entries()) if (row && item !== id) add(item, weight * row[at]!)
    }
    return amounts
  }

  const since = (from: number, to: number) => baskets.filter(({ at }) => days(at) <= from && days(at) > to)
  const recent = (id: string) => buyersOf(id, since(parameters.trend.days, Number.NEGATIVE_INFINITY)).size
  const before = (id: string) => buyersOf(id, since(2 * parameters.trend.days, parameters.trend.days)).size
  const trending = (): Amounts =>
    new Map(items.flatMap((id) => (recent(id) > before(id) ? [[id, recent(id) / customers.length] as const] : [])))
  const trendOf = (id: string) => {
    const { smooth, low, high } = parameters.trend
    return Math.min(high, Math.max(low, (recent(id) + smooth) / (before(id) + smooth)))
  }

  const popularity = (id: string, among: string[]) => {
    const buyers = among.filter((customerId) => boughtBy(baskets, customerId, id).length > 0)
    const lastOnes = buyers.map((customerId) =>
      half(days(lastOf(baskets, customerId, id)), parameters.popular.halfLifeDays),
    )
    return { buyers: buyers.length, recency: lastOnes.reduce((sum, one) => sum + one, 0) }
  }
  function sameCategory(from: Own[]): Amounts {
    const { amounts, add } = adding()
    const counted = from.map(({ id, weight }) => ({ id, counts: Math.exp(weight) - 1 }))
    const all = counted.reduce((sum, { counts }) => sum + counts, 0)
    for (const item of catalogue) {
      const type = typeOf(item)
      if (type === null) continue
      const ofType = items.filter((id) => typeOf(id) === type)
      const total = ofType.reduce((sum, id) => sum + popularity(id, customers).recency, 0)
      for (const { id, counts } of counted)
        if (typeOf(id) === type) add(item, ((counts / all) * popularity(item, customers).recency) / total)
    }
    return amounts
  }

  function popularWith(sets: string[][]): Amounts {
    const { amounts, add } = adding()
    for (const set of sets) {
      const members = set.filter((id) => customers.includes(id))
      for (const item of items) {
        const { buyers, recency } = popularity(item, members)
        if (buyers >= parameters.minCustomers) add(item, recency / members.length / sets.length)
      }
    }
    return amounts
  }
  const groupsOf = (customerId: string) => {
    const one = now.customers.find(({ id }) => id === customerId)
    const attributes = (['age', 'income', 'householdSize'] as const).filter((name) => one?.[name])
    return attributes.map((name) => known.customers.filter((other) => other[name] === one![name]).map(({ id }) => id))
  }
  const RESPONSES = ['CLICKED', 'REDEEMED', 'CONVERTED']
  const respondedTo = ({ interactions }: Market) => interactions.filter(({ type }) => RESPONSES.includes(type))
  const campaignsOf = (customerId: string) => {
    const mine = respondedTo(now).filter((one) => one.customerId === customerId)
    return [...new Set(mine.map(({ campaignId }) => campaignId))].map((campaignId) => [
      ...new Set(
        respondedTo(known)
          .filter((one) => one.campaignId === campaignId)
          .map((one) => one.customerId),
      ),
    ])
  }

  const ofCustomer = byName<Count>(
    ['REPEAT', repeat],
    ['BOUGHT_WITH', (id) => boughtWith(own(id))],
    ['BOUGHT_AFTER', boughtAfter],
    ['SIMILAR_CUSTOMER', similarCustomer],
    ['ITEM_MODEL', (id) => itemModel(own(id), fromCustomers)],
    ['TRENDING', trending],
    ['SAME_CATEGORY', (id) => sameCategory(own(id))],
    ['POPULAR_IN_GROUP', (id) => popularWith(groupsOf(id))],
    ['CAMPAIGN', (id) => popularWith(campaignsOf(id))],
  )
  const ofBasket = byName<(ids: string[]) => Amounts>(
    ['BOUGHT_WITH', (ids) => boughtWith(inBasket(ids))],
    ['ITEM_MODEL', (ids) => itemModel(inBasket(ids), fromOrders)],
    ['SAME_CATEGORY', (ids) => sameCategory(inBasket(ids))],
  )
  return { catalogue, own, trendOf, buyersOf, ofCustomer, ofBasket }
}

const byName = <T>(...entries: [string, T][]): Record<string, T> => Object.fromEntries(entries)

export type Counted = ReturnType<typeof countMarket>
/** One product's score, and of each kind what it adds. */
export type CountedOffer = { id: string; score: number; kinds: Record<string, number> }

/** The weighted sum over the kinds, best first; `exclude` and what no path or nothing but a negative sum leads to left out. */
export function countOffers(
  counted: Counted,
  { customerId, basket, weights, power }: { customerId?: string; basket?: string[]; weights: Weights[]; power: number },
  exclude: Iterable<string>,
): CountedOffer[] {
  const kinds = new Map<string, Record<string, number>>()
  const addAll = (kind: string, weight: number, amounts: Amounts) => {
    for (const [id, amount] of amounts) {
      const one = kinds.get(id) ?? {}
      one[kind] = (one[kind] ?? 0) + weight * amount * counted.trendOf(id) ** power
      kinds.set(id, one)
    }
  }
  const [first, second] = weights
  const [ofBasket, ofCustomer] = basket ? [first!, second] : [{}, first]
  for (const [kind, weight] of Object.entries(ofBasket))
    addAll(kind, weight, counted.ofBasket[kind]?.(basket!) ?? new Map())
  if (customerId !== undefined)
    for (const [kind, weight] of Object.entries(ofCustomer!))
      addAll(kind, weight, counted.ofCustomer[kind]!(customerId))
  const out = new Set(exclude)
  return counted.catalogue
    .filter((id) => !out.has(id) && kinds.has(id))
    .map((id) => ({
      id,
      kinds: kinds.get(id)!,
      score: Object.values(kinds.get(id)!).reduce((sum, one) => sum + one, 0),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
}
