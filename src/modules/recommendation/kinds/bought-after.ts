import { boughtAfter as learnBoughtAfter } from '../../../engine/after.ts'
import type { Pairs, Totals } from '../../../engine/pairs.ts'
import { DAY_MS } from '../../../engine/purchases.ts'
import { EvidenceKind } from '../../../generated/enums.ts'
import type { Row } from '../../../graph/query.ts'
import { enough } from '../support.ts'
import { inWords, type Kind, NO_STEPS } from './kind.ts'
import { byId, type Links, pairRows, readLinks, supportOf } from './pairs.ts'

type Learned = Links & { pairs?: Pairs; totals?: Totals }

/** 1 when the typical time between has just passed since the own product was bought last, half as much `days` off it. */
const due = (asOf: number, lastAt: number, medianDays: number, days: number) =>
  0.5 ** (Math.abs(Math.max(0, asOf - lastAt) / DAY_MS - medianDays) / days)

/** customer -> own product -> a later order of other customers -> product, when it is due. */
export const boughtAfter: Kind<Learned, Row<'recommendation/bought-after'>> = {
  kind: EvidenceKind.BOUGHT_AFTER,
  forget: 'model/forget-bought-after',

  learn: ({ purchases }, { after, pairs: floor }) => {
    const { pairs, totals, medianDays } = learnBoughtAfter(purchases, after.days, floor)
    return { ...pairs, medianDays, pairs, totals }
  },

  write: ({ pairs, totals, medianDays }, world, shelf) => {
    function* rows() {
      for (const row of pairRows({ pairs: pairs!, totals: totals! }, world))
        yield { ...row, medianDays: medianDays[row.at]! }
    }
    return shelf.write('model/write-bought-after', rows())
  },

  read: (world, shelf) => readLinks('model/read-bought-after', world, shelf),

  score: (learned, { asOf }, { basket, items, weights, lastAt }, scale, totals, { after }) => {
    // Nothing is due after what is only in a basket.
    if (basket) return
    const { start, to, cosine, medianDays } = learned
    for (let at = 0; at < items.length; at++) {
      const item = items[at]!
      const weight = scale * weights[at]!
      for (let pair = start[item]!; pair < start[item + 1]!; pair++)
        totals[to[pair]!]! += weight * cosine[pair]! * due(asOf, lastAt[at]!, medianDays[pair]!, after.days)
    }
  },

  together: (say, group) => say.boughtAfterSeveral(group),

  find: async (tx, { customerId, ownIds, productIds, model }) =>
    customerId === null
      ? []
      : tx.query('recommendation/bought-after', { ownIds: [...ownIds], productIds: [...productIds], model }),

  pieces: (found, { customerId, own, asOf, parameters: { after } }) => {
    const known = byId(own)
    return found.flatMap((row) =>
      row.ownIds.flatMap((ownId, at) => {
        const one = known.get(ownId)
        if (!one) return []
        const between = row.medianDays[at]!
        const support = enough(row.customers[at]!) === null ? null : { ...supportOf(row, at), medianDays: between }
        return {
          productId: row.productId,
          amount: one.weight * row.cosine[at]! * due(Date.parse(asOf), one.lastAt, between, after.days),
          own: one,
          reason: (say) => {
            const ago = Math.max(0, Math.floor((Date.parse(asOf) - one.lastAt) / DAY_MS))
            return say.boughtAfter(inWords(one, customerId), ago, support && { orders: support.orders, between })
          },
          through: NO_STEPS,
          relationship: 'BOUGHT_AFTER',
          support,
        }
      }),
    )
  },
}
