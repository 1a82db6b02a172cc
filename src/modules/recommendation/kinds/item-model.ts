import { type ItemModel, learnItemModel, positionsOf, turned } from '../../../engine/item-model.ts'
import { decay } from '../../../engine/purchases.ts'
import { transpose } from '../../../engine/sparse.ts'
import { EvidenceKind } from '../../../generated/enums.ts'
import type { Kind, Piece } from './kind.ts'
import { inParts } from './shelf.ts'
import { counted } from './words.ts'

const PAGE = 50

/** own product -> weight learned jointly with all others -> product; negative weights count too. */
export const itemModel: Kind<ItemModel> = {
  kind: EvidenceKind.ITEM_MODEL,
  forget: 'model/forget-item-model',

  learn: ({ weights, lastBought, asOf }, { items: { most, lambda, halfLifeDays } }) => {
    const { start, rows } = transpose(weights)
    const customers = (item: number) => start[item + 1]! - start[item]!
    const ranked = Array.from({ length: rows }, (_, item) => item).sort((a, b) => customers(b) - customers(a) || a - b)
    // The entries of lastBought are those of weights, customer by customer.
    const lately = Float64Array.from(
      lastBought.flatMap(({ at }) => Array.from(at, (last) => decay(asOf, last, halfLifeDays))),
    )
    return learnItemModel(weights, lately, Int32Array.from(ranked.slice(0, most)).sort(), lambda)
  },

  write: ({ items, values }, world, shelf) => {
    const n = items.length
    function* rows() {
      for (const [position, item] of items.entries()) {
        const row = values.subarray(position * n, (position + 1) * n)
        yield { productId: world.items[item]!, position, values: Array.from(row) }
      }
    }
    return shelf.write('model/write-item-model', rows(), PAGE)
  },

  read: async ({ items }, { graph, model }) => {
    const learned: { item: number; position: number; values: number[] }[] = []
    const at = new Map(items.map((id, index) => [id, index]))
    const ids = (await graph.query('model/item-model-products', { model })).map(({ productId }) => productId)
    for (const productIds of inParts(
      ids.filter((id) => at.has(id)),
      PAGE,
    )) {
      for (const row of await graph.query('model/read-item-model', { model, productIds }))
        learned.push({ ...row, item: at.get(row.productId)! })
    }
    return assemble(learned, items.length)
  },

  score: (learned, _world, { items: own, weights }, scale, totals) => {
    const { items, positionOf, values } = learned
    const n = items.length
    // Only the rows of what is owned are read: the whole would not stay in the processor's cache.
    learned.outgoing ??= turned(values, n)
    const { outgoing } = learned
    const sums = new Float64Array(n)
    for (let at = 0; at < own.length; at++) {
      const position = positionOf[own[at]!]!
      if (position === -1) continue
      const weight = scale * weights[at]!
      const row = position * n
      for (let to = 0; to < n; to++) sums[to]! += weight * outgoing[row + to]!
    }
    for (let to = 0; to < n; to++) totals[items[to]!]! += sums[to]!
  },

  together: ({ count, of, strongest, adds, basket }) =>
    `Customers who buy the ${count} ${of} products ${basket ? 'in this basket' : 'this customer buys'} buy this ${adds ? 'more' : 'less'}, most of all ${strongest}`,

  paths: async (tx, { own, productIds, model, customerId }) => {
    const ownIds = own.map(({ id }) => id)
    const rows = await tx.query('recommendation/item-model', { ownIds, productIds: [...productIds], model })
    return rows.flatMap(({ productId, weights }) =>
      own.flatMap((one, at): Piece[] => {
        const weight = weights[at]
        if (!weight) return []
        const how =
          customerId === null
            ? 'it is in the basket'
            : one.times > 0
              ? `this customer bought it ${counted(one.times)}`
              : 'this customer looked at it'
        return [
          {
            productId,
            amount: one.weight * weight,
            own: one,
            reason: `Customers who buy ${one.name} buy this ${weight > 0 ? 'more' : 'less'} than others do; ${how}`,
            through: [],
            relationship: 'HAS_WEIGHTS',
            support: null,
          },
        ]
      }),
    )
  },
}

type Learned = { item: number; position: number; values: number[] }

/** A product that is no longer sold leaves its row empty, at item -1. */
function assemble(learned: Learned[], count: number): ItemModel {
  const n = learned[0]?.values.length ?? 0
  const values = new Float64Array(n * n)
  const items = new Int32Array(n).fill(-1)
  for (const { item, position, values: row } of learned) {
    items[position] = item
    values.set(row, position * n)
  }
  return { items, positionOf: positionsOf(items, count), values }
}
