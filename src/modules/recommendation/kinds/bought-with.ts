import { boughtWith as learnBoughtWith, type Pairs, type Totals } from '../../../engine/pairs.ts'
import { EvidenceKind } from '../../../generated/enums.ts'
import type { Row } from '../../../graph/query.ts'
import { enough } from '../support.ts'
import { inWords, type Kind, NO_STEPS } from './kind.ts'
import { byId, type Links, pairRows, readLinks, supportOf } from './pairs.ts'

type Learned = Links & { pairs?: Pairs; totals?: Totals }

/** customer or basket -> own product -> same orders -> product. */
export const boughtWith: Kind<Learned, Row<'recommendation/bought-with'>> = {
  kind: EvidenceKind.BOUGHT_WITH,
  forget: 'model/forget-bought-with',

  learn: ({ purchases, orders }, { pairs: floor }) => {
    const { pairs, totals } = learnBoughtWith(purchases, floor)
    const none = new Float64Array(pairs.to.length)
    return { ...pairs, medianDays: none, pairs, totals: { ...totals, units: orders } }
  },

  write: ({ pairs, totals }, world, shelf) =>
    shelf.write('model/write-bought-with', pairRows({ pairs: pairs!, totals: totals! }, world)),

  read: (world, shelf) => readLinks('model/read-bought-with', world, shelf),

  score: ({ start, to, cosine }, _world, { items, weights }, scale, totals) => {
    for (let at = 0; at < items.length; at++) {
      const item = items[at]!
      const weight = scale * weights[at]!
      for (let pair = start[item]!; pair < start[item + 1]!; pair++) totals[to[pair]!]! += weight * cosine[pair]!
    }
  },

  together: (say, group) => say.boughtWithSeveral(group),

  find: (tx, { ownIds, productIds, model }) =>
    tx.query('recommendation/bought-with', { ownIds: [...ownIds], productIds: [...productIds], model }),

  pieces: (found, { customerId, own }) => {
    const known = byId(own)
    return found.flatMap((row) =>
      row.ownIds.flatMap((ownId, at) => {
        const one = known.get(ownId)
        if (!one) return []
        const support = enough(row.customers[at]!) === null ? null : supportOf(row, at)
        return {
          productId: row.productId,
          amount: one.weight * row.cosine[at]!,
          own: one,
          reason: (say) => say.boughtWith(inWords(one, customerId), support),
          through: NO_STEPS,
          relationship: 'BOUGHT_WITH',
          support,
        }
      }),
    )
  },
}
