import { boughtAfter as learnBoughtAfter } from '../../../engine/after.ts'
import type { Pairs, Totals } from '../../../engine/pairs.ts'
import { DAY_MS } from '../../../engine/purchases.ts'
import { EvidenceKind } from '../../../generated/enums.ts'
import type { Kind } from './kind.ts'
import { byId, type Links, pairRows, readLinks, supportOf } from './pairs.ts'
import { counted, fewer, MIN_CUSTOMERS } from './words.ts'

type Learned = Links & { pairs?: Pairs; totals?: Totals }

/** 1 when the typical time between has just passed since the own product was bought last, half as much `days` off it. */
const due = (asOf: number, lastAt: number, medianDays: number, days: number) =>
  0.5 ** (Math.abs(Math.max(0, asOf - lastAt) / DAY_MS - medianDays) / days)

/** customer -> own product -> a later order of other customers -> product, when it is due. */
export const boughtAfter: Kind<Learned> = {
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

  together: ({ count, of, strongest }) =>
    `Bought after ${count} ${of} products this customer bought, most of all ${strongest}`,

  paths: async (tx, { customerId, own, productIds, model, asOf, parameters: { after } }) => {
    if (customerId === null) return []
    const known = byId(own)
    const ownIds = [...known.keys()]
    const rows = await tx.query('recommendation/bought-after', { ownIds, productIds: [...productIds], model })
    return rows.flatMap((row) =>
      row.ownIds.map((ownId, at) => {
        const one = known.get(ownId)!
        const enough = row.customers[at]! >= MIN_CUSTOMERS
        return {
          productId: row.productId,
          amount: one.weight * row.cosine[at]! * due(Date.parse(asOf), one.lastAt, row.medianDays[at]!, after.days),
          own: one,
          reason: () => {
            const behind = enough ? counted(row.orders[at]!) : `by ${fewer} customers`
            const ago = counted(Math.max(0, Math.floor((Date.parse(asOf) - one.lastAt) / DAY_MS)), 'day')
            return `Bought after ${one.name} ${behind}, typically ${counted(row.medianDays[at]!, 'day')} later; this customer ${one.times > 0 ? 'bought' : 'looked at'} ${one.name} ${ago} ago`
          },
          through: [],
          relationship: 'BOUGHT_AFTER',
          support: enough ? { ...supportOf(row, at), medianDays: row.medianDays[at]! } : null,
        }
      }),
    )
  },
}
