import { decay } from '../../../engine/purchases.ts'
import { similarCustomers } from '../../../engine/similar.ts'
import { type Sparse, sparseBuilder } from '../../../engine/sparse.ts'
import { Direction, EvidenceKind } from '../../../generated/enums.ts'
import type { Kind } from './kind.ts'
import { inParts } from './shelf.ts'
import { customersBehind, enough } from './support.ts'

const PAGE = 250

/** customer -> the customers most like this one -> what they bought lately. */
export const similarCustomer: Kind<Sparse> = {
  kind: EvidenceKind.SIMILAR_CUSTOMER,
  forget: 'model/forget-similar-customer',

  learn: ({ weights }, { similar }) => similarCustomers(weights, similar.neighbours),

  write: ({ start, index, value }, { customers }, shelf) => {
    const rows = customers.map((customerId, at) => ({
      customerId,
      otherIds: Array.from(index.subarray(start[at]!, start[at + 1]!), (other) => customers[other]!),
      weights: Array.from(value.subarray(start[at]!, start[at + 1]!)),
    }))
    return shelf.write('model/write-similar-customer', rows, PAGE / 5)
  },

  read: async ({ customers, customerAt }, { graph, model }) => {
    const rows = new Map<string, [number, number][]>()
    for (const customerIds of inParts(customers, PAGE)) {
      for (const row of await graph.query('model/read-similar-customer', { model, customerIds })) {
        const known = row.otherIds.map((id, n): [number, number] => [customerAt.get(id) ?? -1, row.weights[n]!])
        rows.set(
          row.customerId,
          known.filter(([other]) => other !== -1).sort(([a], [b]) => a - b),
        )
      }
    }
    const built = sparseBuilder(customers.length)
    for (const id of customers) {
      for (const [other, weight] of rows.get(id) ?? []) built.add(other, weight)
      built.endRow()
    }
    return built.done()
  },

  score: ({ start, index, value }, { lastBought, asOf }, { customer }, scale, totals, { similar }) => {
    if (customer === -1) return
    for (let at = start[customer]!; at < start[customer + 1]!; at++) {
      const bought = lastBought[index[at]!]!
      bought.recency ??= Float64Array.from(bought.at, (last) => decay(asOf, last, similar.halfLifeDays))
      const { item, recency } = bought
      const weight = scale * value[at]!
      for (let n = 0; n < item.length; n++) totals[item[n]!]! += weight * recency[n]!
    }
  },

  paths: async (tx, { customerId, productIds, model, asOf, parameters: { similar } }) => {
    if (customerId === null) return []
    const { halfLifeDays, latelyDays } = similar
    const rows = await tx.query('recommendation/similar-customer', {
      customerId,
      productIds: [...productIds],
      model,
      asOf,
      halfLifeDays,
      latelyDays,
    })
    return rows.map(({ productId, amount, customers, lately, neighbours }) => ({
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
