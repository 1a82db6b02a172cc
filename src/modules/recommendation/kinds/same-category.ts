import { popularity } from '../../../engine/popular.ts'
import { Direction, EvidenceKind } from '../../../generated/enums.ts'
import type { Row } from '../../../graph/query.ts'
import { customersBehind, enough } from '../support.ts'
import type { Kind } from './kind.ts'
import { TIMEOUT_MS } from './shelf.ts'

/** Of each item: its share of what is bought lately of its class, 0 to 1, and the customers who ever bought it. */
type Shares = { share: Float64Array; customers: Int32Array; known?: Int32Array }

/** customer -> a type of product they buy -> what is popular in it. */
export const sameCategory: Kind<Shares, Row<'recommendation/same-category'>> = {
  kind: EvidenceKind.SAME_CATEGORY,
  forget: 'model/forget-popular',

  learn: ({ customers, items, lastBought, asOf, classes, classOf }, { popular: { halfLifeDays }, minCustomers }) => {
    const about = { items: items.length, asOf, halfLifeDays }
    const bought = popularity(lastBought, customers.keys(), about)
    const known = (item: number) => classOf[item] !== -1 && bought.customers[item]! >= minCustomers
    const total = new Float64Array(classes.length)
    for (const item of items.keys()) if (classOf[item] !== -1) total[classOf[item]!]! += bought.recency[item]!
    const share = Float64Array.from(items.keys(), (item) =>
      known(item) ? bought.recency[item]! / total[classOf[item]!]! : 0,
    )
    return { share, customers: bought.customers }
  },

  write: ({ share, customers }, { items, classes, classOf }, shelf) => {
    const known = Array.from(items.keys()).filter((item) => share[item]! > 0)
    const rows = known.map((item) => ({
      categoryId: classes[classOf[item]!]!,
      productId: items[item]!,
      share: share[item]!,
      customers: customers[item]!,
    }))
    return shelf.write('model/write-same-category', rows)
  },

  read: async ({ items, itemAt }, { graph, model }) => {
    const learned = { share: new Float64Array(items.length), customers: new Int32Array(items.length) }
    for (const row of await graph.query('model/read-same-category', { model }, { timeoutMs: TIMEOUT_MS })) {
      const item = itemAt.get(row.productId)
      if (item === undefined) continue
      learned.share[item] = row.share
      learned.customers[item] = row.customers
    }
    return learned
  },

  score: (learned, { classes, classOf }, { items, weights }, scale, totals) => {
    const affinity = new Float64Array(classes.length)
    let all = 0
    for (let at = 0; at < items.length; at++) {
      const purchases = Math.expm1(weights[at]!)
      all += purchases
      if (classOf[items[at]!] !== -1) affinity[classOf[items[at]!]!]! += purchases
    }
    if (all === 0) return
    const { share } = learned
    learned.known ??= Int32Array.from(share.keys()).filter((item) => share[item]! > 0)
    for (const item of learned.known) {
      const counts = affinity[classOf[item]!]!
      if (counts > 0) totals[item]! += (scale * counts * share[item]!) / all
    }
  },

  find: (tx, { productIds, model }) => tx.query('recommendation/same-category', { productIds: [...productIds], model }),

  pieces: (found, { own }) => {
    const byType = new Map<string, number>()
    const purchases = own.map(({ weight }) => Math.expm1(weight))
    const all = purchases.reduce((sum, one) => sum + one, 0)
    for (const [at, { type }] of own.entries())
      if (type !== null) byType.set(type, (byType.get(type) ?? 0) + purchases[at]!)
    return found.flatMap(({ productId, categoryId, categoryName, share, customers }) => {
      const affinity = byType.get(categoryId) ?? 0
      if (affinity === 0) return []
      return [
        {
          productId,
          amount: (affinity * share) / all,
          reason: (say) => say.sameCategory(categoryName, affinity / all, enough(customers)),
          through: () => [
            {
              label: 'Category',
              id: categoryId,
              name: categoryName,
              relationship: 'BOUGHT',
              direction: Direction.OUT,
            },
          ],
          relationship: 'POPULAR',
          support: customersBehind(customers),
        },
      ]
    })
  },
}
