import { type LastBought, NOTHING } from '../../../engine/history.ts'
import { DAY_MS, decay } from '../../../engine/purchases.ts'
import { similarCustomers } from '../../../engine/similar.ts'
import { type Sparse, sparseBuilder } from '../../../engine/sparse.ts'
import { Direction, EvidenceKind } from '../../../generated/enums.ts'
import type { Row } from '../../../graph/query.ts'
import { customersBehind, enough } from '../support.ts'
import type { Kind } from './kind.ts'
import { inParts, TIMEOUT_MS } from './shelf.ts'

const PAGE = 250

/**
 * Who is most like whom, and what everyone had bought when the model learned: what they buy later counts with the next model, or one
 * customer's order could be told from another's list. A customer's place is their index when it learned.
 */
type Learned = { similar: Sparse; bought: LastBought[] }

/** customer -> the customers most like this one -> what they bought lately. */
export const similarCustomer: Kind<Learned, Row<'recommendation/similar-customer'>> = {
  kind: EvidenceKind.SIMILAR_CUSTOMER,
  forget: 'model/forget-similar-customer',

  learn: ({ weights, lastBought, items }, { similar, minCustomers }) => ({
    similar: similarCustomers(weights, similar.neighbours),
    bought: boughtByEnough(lastBought, items.length, minCustomers),
  }),

  write: async ({ similar: { start, index, value }, bought }, { customers, items }, shelf) => {
    const alike = customers.map((customerId, at) => {
      const places = Array.from(index.subarray(start[at]!, start[at + 1]!))
      const weights = Array.from(value.subarray(start[at]!, start[at + 1]!))
      return { customerId, otherIds: places.map((place) => customers[place]!), places, weights }
    })
    const buyers = items.map((productId) => ({ productId, places: [] as number[], lastAt: [] as number[] }))
    for (const [place, { item, at }] of bought.entries()) {
      for (let n = 0; n < item.length; n++) {
        buyers[item[n]!]!.places.push(place)
        buyers[item[n]!]!.lastAt.push(at[n]!)
      }
    }
    const known = buyers.filter(({ places }) => places.length > 0)
    const written = await shelf.write('model/write-similar-customer', alike, PAGE / 5)
    return written + (await shelf.write('model/write-buyers', known, PAGE))
  },

  read: async ({ customers, items, itemAt }, { graph, model }) => {
    const rows = new Map<string, [number, number][]>()
    for (const customerIds of inParts(customers, PAGE)) {
      for (const { customerId, places, weights } of await graph.query('model/read-similar-customer', {
        model,
        customerIds,
      }))
        rows.set(
          customerId,
          places.map((place, n): [number, number] => [place, weights[n]!]).sort(([a], [b]) => a - b),
        )
    }
    const similar = sparseBuilder(customers.length)
    for (const id of customers) {
      for (const [place, weight] of rows.get(id) ?? []) similar.add(place, weight)
      similar.endRow()
    }
    const bought: { item: number[]; at: number[] }[] = []
    for (const productIds of inParts(items, PAGE)) {
      const found = await graph.query('model/read-buyers', { model, productIds }, { timeoutMs: TIMEOUT_MS })
      for (const { productId, places, lastAt } of found) {
        for (const [n, place] of places.entries()) {
          bought[place] ??= { item: [], at: [] }
          bought[place].item.push(itemAt.get(productId)!)
          bought[place].at.push(lastAt[n]!)
        }
      }
    }
    const known = Array.from(bought, (one) =>
      one ? { item: Int32Array.from(one.item), at: Float64Array.from(one.at) } : NOTHING,
    )
    return { similar: similar.done(), bought: known }
  },

  score: ({ similar: { start, index, value }, bought }, { asOf }, { customer }, scale, totals, { similar }) => {
    if (customer === -1) return
    for (let at = start[customer]!; at < start[customer + 1]!; at++) {
      const one = bought[index[at]!] ?? NOTHING
      one.recency ??= Float64Array.from(one.at, (last) => decay(asOf, last, similar.halfLifeDays))
      const { item, recency } = one
      const weight = scale * value[at]!
      for (let n = 0; n < item.length; n++) totals[item[n]!]! += weight * recency[n]!
    }
  },

  find: async (tx, { customerId, productIds, model, asOf, parameters: { similar } }) => {
    if (customerId === null) return []
    const { halfLifeDays, latelyDays } = similar
    return tx.query('recommendation/similar-customer', {
      customerId,
      productIds: [...productIds],
      model,
      asOf,
      halfLifeDays,
      latelyDays,
    })
  },

  recall: ({ similar: { start, index, value }, bought }, { asOf, itemAt }, { customer }, asked) => {
    if (customer === -1) return []
    const { halfLifeDays, latelyDays } = asked.parameters.similar
    const [from, to] = [start[customer]!, start[customer + 1]!]
    return asked.productIds.flatMap((productId) => {
      const item = itemAt.get(productId) ?? -1
      const row = { productId, amount: 0, customers: 0, lately: 0, neighbours: to - from }
      for (let at = from; at < to; at++) {
        const one = bought[index[at]!] ?? NOTHING
        const found = one.item.indexOf(item)
        if (found === -1) continue
        const last = one.at[found]!
        row.amount += value[at]! * decay(asOf, last, halfLifeDays)
        row.customers++
        if (asOf - last <= latelyDays * DAY_MS) row.lately++
      }
      return row.customers > 0 ? [row] : []
    })
  },

  pieces: (found, { parameters: { similar } }) => {
    const { latelyDays } = similar
    return found.map(({ productId, amount, customers, lately, neighbours }) => ({
      productId,
      amount,
      reason: (say) => {
        const behind = { customers: enough(customers), neighbours: enough(neighbours) }
        return say.similarCustomer(
          enough(lately) === null ? behind : { ...behind, customers: lately, days: latelyDays },
        )
      },
      through: (say) => [
        {
          label: 'Customer',
          id: null,
          name: say.similarCustomers,
          relationship: 'SIMILAR_TO',
          direction: Direction.OUT,
        },
      ],
      relationship: 'BOUGHT',
      support: customersBehind(customers),
    }))
  },
}

/** Without what fewer customers bought: it is not offered, and is not kept. */
function boughtByEnough(bought: readonly LastBought[], items: number, minCustomers: number): LastBought[] {
  const customers = new Int32Array(items)
  for (const { item } of bought) for (const one of item) customers[one]!++
  return bought.map(({ item, at }) => ({
    item: item.filter((one) => customers[one]! >= minCustomers),
    at: at.filter((_, n) => customers[item[n]!]! >= minCustomers),
  }))
}
