import { type ItemModel, learnItemModel, positionsOf, turned } from '../../../engine/item-model.ts'
import { decay, type Purchases } from '../../../engine/purchases.ts'
import { type Sparse, transpose } from '../../../engine/sparse.ts'
import { EvidenceKind } from '../../../generated/enums.ts'
import type { Row } from '../../../graph/query.ts'
import { inWords, type Kind, NO_STEPS, type Piece } from './kind.ts'
import { inParts } from './shelf.ts'

const PAGE = 50

/** Learned from customers, for what one owns; and from orders, for what is in a basket. */
type Learned = { customers: ItemModel; orders: ItemModel }
const FROM = { customers: 'CUSTOMERS', orders: 'ORDERS' } as const

/** own product -> weight learned jointly with all others -> product; negative weights count too. */
export const itemModel: Kind<Learned, Row<'recommendation/item-model'>> = {
  kind: EvidenceKind.ITEM_MODEL,
  forget: 'model/forget-item-model',

  learn: ({ weights, lastBought, asOf, purchases }, { items, basketItems, minCustomers }) => {
    const buyers = heldBy(weights)
    const known = (item: number) => buyers[item]! >= minCustomers
    // The entries of lastBought are those of weights, customer by customer.
    const lately = Float64Array.from(
      lastBought.flatMap(({ at }) => Array.from(at, (last) => decay(asOf, last, items.halfLifeDays))),
    )
    const orders = ordersAsRows(purchases)
    const customers = learnItemModel(weights, lately, mostHeld(weights, items.most, known), items.lambda)
    const chosen = mostHeld(orders, basketItems.most, known)
    const baskets = learnItemModel(orders, orders.value, chosen, basketItems.lambda)
    temper(baskets, heldBy(orders), basketItems.gamma)
    return { customers, orders: baskets }
  },

  write: async (learned, world, shelf) => {
    function* rows({ items, values }: ItemModel, from: string) {
      const n = items.length
      for (const [position, item] of items.entries()) {
        const row = values.subarray(position * n, (position + 1) * n)
        yield { productId: world.items[item]!, from, position, values: Array.from(row) }
      }
    }
    let written = 0
    for (const which of ['customers', 'orders'] as const)
      written += await shelf.write('model/write-item-model', rows(learned[which], FROM[which]), PAGE)
    return written
  },

  read: async ({ items, itemAt }, { graph, model }) => {
    const read = async (from: string): Promise<ItemModel> => {
      const ids = (await graph.query('model/item-model-products', { model, from })).map(({ productId }) => productId)
      const known = ids.filter((id) => itemAt.has(id))
      const learned: Column[] = []
      for (const productIds of inParts(known, PAGE)) {
        for (const row of await graph.query('model/read-item-model', { model, from, productIds }))
          learned.push({ ...row, item: itemAt.get(row.productId)! })
      }
      return assemble(learned, items.length)
    }
    return { customers: await read(FROM.customers), orders: await read(FROM.orders) }
  },

  score: (learned, _world, { items: own, weights, basket }, scale, totals) => {
    const model = basket ? learned.orders : learned.customers
    const { items, positionOf } = model
    const n = items.length
    // Only the rows of what is owned are read: the whole would not stay in the processor's cache.
    model.outgoing ??= turned(model.values, n)
    const { outgoing } = model
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

  together: (say, group) => say.itemModelSeveral(group),

  find: (tx, { ownIds, productIds, model, customerId }) => {
    const from = customerId === null ? FROM.orders : FROM.customers
    return tx.query('recommendation/item-model', { ownIds: [...ownIds], productIds: [...productIds], model, from })
  },

  recall: ({ customers, orders }, { itemAt }, { basket }, { own, productIds }) => {
    const { positionOf, items, outgoing } = basket ? orders : customers
    const positionIn = (id: string) => positionOf[itemAt.get(id) ?? -1] ?? -1
    const positions = own.map(({ id }) => positionIn(id))
    return productIds.flatMap((productId) => {
      const to = positionIn(productId)
      if (to === -1) return []
      const weights = positions.map((at) => (at === -1 ? null : outgoing![at * items.length + to]!))
      return [{ productId, weights }]
    })
  },

  pieces: (found, { own, customerId }) => {
    const pieces: Piece[] = []
    for (const { productId, weights } of found) {
      for (const [at, one] of own.entries()) {
        const weight = weights[at]
        if (!weight) continue
        pieces.push({
          productId,
          amount: one.weight * weight,
          own: one,
          reason: (say) => say.itemModel(inWords(one, customerId), weight > 0),
          through: NO_STEPS,
          relationship: 'HAS_WEIGHTS',
          support: null,
        })
      }
    }
    return pieces
  },
}

const heldBy = (rows: Sparse) => {
  const { start, rows: items } = transpose(rows)
  return Float64Array.from({ length: items }, (_, item) => start[item + 1]! - start[item]!)
}

/** The items with entries in the most rows, among those that enough customers bought; of equals the lower index. */
function mostHeld(rows: Sparse, most: number, known: (item: number) => boolean): Int32Array {
  const held = heldBy(rows)
  const ranked = Array.from(held.keys())
    .filter(known)
    .sort((a, b) => held[b]! - held[a]! || a - b)
  return Int32Array.from(ranked.slice(0, most)).sort()
}

const ordersAsRows = ({ placedAt, items, lineStart, line }: Purchases): Sparse => ({
  rows: placedAt.length,
  columns: items.length,
  start: lineStart,
  index: line,
  value: new Float64Array(line.length).fill(1),
})

/** Divides the weights that lead to an item by (its rows / their mean)^gamma: what is in every basket says less. */
function temper({ items, values }: ItemModel, held: Float64Array, gamma: number): void {
  if (gamma === 0) return
  const mean = items.reduce((sum, item) => sum + held[item]!, 0) / items.length
  for (const [to, item] of items.entries()) {
    const factor = (held[item]! / mean) ** -gamma
    for (let from = 0; from < items.length; from++) values[to * items.length + from]! *= factor
  }
}

type Column = { item: number; position: number; values: number[] }

/** By where weights lead from, as scoring reads them. A product that is no longer sold leaves its column empty, at item -1. */
function assemble(learned: Column[], count: number): ItemModel {
  const n = learned[0]?.values.length ?? 0
  const outgoing = new Float64Array(n * n)
  const items = new Int32Array(n).fill(-1)
  for (const { item, position, values } of learned) {
    items[position] = item
    for (let from = 0; from < n; from++) outgoing[from * n + position] = values[from]!
  }
  return { items, positionOf: positionsOf(items, count), values: new Float64Array(0), outgoing }
}
