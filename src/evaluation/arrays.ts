import type { Purchases } from '../engine/purchases.ts'
import type { Parameters, WeightSets } from '../modules/model/parameters.ts'
import { adjust } from '../modules/recommendation/adjust.ts'
import { toData } from '../modules/recommendation/data.ts'
import { KINDS } from '../modules/recommendation/kinds/index.ts'
import type { Start } from '../modules/recommendation/kinds/kind.ts'
import { measure } from '../modules/recommendation/kinds/measure.ts'
import { NOWHERE, type Pass, scores } from '../modules/recommendation/ranking.ts'
import type { Evaluated } from './evaluate.ts'

export type Recipe = {
  /** Epoch ms. */
  asOf: number
  /** The class of an item: a product's type, a type's category. */
  classOf: (item: string) => string | null
  parameters: Parameters
  weights: WeightSets
  diversity?: number
}

type Question = keyof WeightSets

/** The engine that serves, learned and asked on arrays alone: for items that are no nodes of a graph (types), and to try parameters. */
export function onArrays(name: string, purchases: Purchases, recipe: Recipe): Evaluated {
  const { asOf, classOf, parameters, weights } = recipe
  const none = { orders: purchases.placedAt.length, groups: new Map(), responders: new Map() }
  const data = toData(purchases, { asOf, parameters, classOf, ...none })
  const measures = measure(data, parameters)
  const used = KINDS.filter(({ kind }) => Object.values(weights).some((set) => set[kind]))
  const learned = new Map<string, unknown>(used.map(({ kind, learn }) => [kind, learn(data, parameters)]))
  const trained = { world: data, measures, parameters, learned }
  const { customerAt, itemAt } = data

  function startAt(customerId: string): Start {
    const customer = customerAt.get(customerId)
    if (customer === undefined) return NOWHERE
    const [from, to] = [data.weights.start[customer]!, data.weights.start[customer + 1]!]
    const items = data.weights.index.subarray(from, to)
    const repeats = data.repeats.subarray(from, to)
    return {
      ...NOWHERE,
      customer,
      items,
      weights: data.weights.value.subarray(from, to),
      repeats,
      lastAt: data.lastBought[customer]!.at,
    }
  }

  function basketOf(ids: string[]): Start {
    const items = Int32Array.from(ids.flatMap((id) => itemAt.get(id) ?? []))
    const weights = new Float64Array(items.length).fill(ids.length ** -0.5)
    return {
      ...NOWHERE,
      basket: true,
      items,
      weights,
      repeats: new Float64Array(items.length),
      lastAt: weights.map(() => asOf),
    }
  }

  function best(question: Question, passes: Pass[], exclude: Int32Array, first: number): string[] {
    const totals = scores(trained, passes, parameters.trend.power[question] ?? 0)
    for (const item of exclude) totals[item] = 0
    return adjust(trained, totals, { diversity: recipe.diversity ?? 0 })
      .best(first)
      .map(({ item }) => data.items[item]!)
  }
  const one = (question: Question, customerId: string, first: number, owned: boolean) => {
    const start = startAt(customerId)
    return best(question, [{ start, weights: weights[question] }], owned ? NOWHERE.items : start.items, first)
  }

  return {
    name,
    crossSell: (customerId, first) => one('crossSell', customerId, first, false),
    nextBasket: (customerId, first) => one('nextBasket', customerId, first, true),
    completeBasket: (basket, customerId, first, { includeOwned }) => {
      const start = startAt(customerId)
      const held = basketOf(basket)
      const passes = [
        { start: held, weights: weights.basket },
        { start, weights: weights.basketCustomer },
      ]
      return best('basket', passes, Int32Array.from([...held.items, ...(includeOwned ? [] : start.items)]), first)
    },
  }
}
