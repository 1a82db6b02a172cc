import type { Answer, Params, StatementName } from '../../graph/query.ts'
import type { Condition, LeafName } from './condition.ts'
import { all, type Found, not, these } from './found.ts'
import { daysUntil, rangeOf } from './period.ts'

/** The statements that answer with the ids they hold for. */
type Asks = { [K in StatementName]: Answer<K> extends { ids: string[] } | null ? K : never }[StatementName]
export type Ask = <K extends Asks>(name: K, params: Params<K>) => Promise<string[]>

/** A customer is new or active for so many days, and lapsing until so many. */
const ACTIVE_DAYS = 30
const LAPSING_DAYS = 90

/** How each named condition is asked for, as of a day. */
export const LEAVES: {
  [Name in LeafName]: (given: Required<Condition>[Name], asOf: Date, ask: Ask) => Promise<Found>
} = {
  attribute: async ({ name, in: values }, _asOf, ask) => these(await ask('segment/attribute', { name, values })),

  bought: async ({ productId, categoryId, period }, asOf, ask) => {
    const range = rangeOf(period, asOf)
    return these(
      productId === undefined
        ? await ask('segment/bought-category', { categoryId: categoryId!, ...range })
        : await ask('segment/bought-product', { productId, ...range }),
    )
  },

  spend: async ({ min = 0, max = Number.POSITIVE_INFINITY, period }, asOf, ask) => {
    const asked = (amounts: { above: number; min: number; max: number }) =>
      period ? ask('segment/spend', { ...amounts, ...rangeOf(period, asOf) }) : ask('segment/spend-ever', amounts)
    if (min > 0) return these(await asked({ above: 0, min, max }))
    // Who has no orders spent nothing, and no statement finds them: those who spent more are left out instead.
    return not(these(await asked({ above: max, min: 0, max: Number.POSITIVE_INFINITY })))
  },

  rfm: async ({ recency, frequency, monetary }, _asOf, ask) =>
    all(
      await Promise.all([
        ...(recency ? [ask('segment/recency', { fifths: recency })] : []),
        ...(frequency ? [ask('segment/frequency', { fifths: frequency })] : []),
        ...(monetary ? [ask('segment/monetary', { fifths: monetary })] : []),
      ]).then((found) => found.map(these)),
    ),

  lifecycle: async (stages, asOf, ask) => {
    const since = { recent: daysUntil(asOf, ACTIVE_DAYS), lapsing: daysUntil(asOf, LAPSING_DAYS) }
    const asked = async (wanted: string[]) => these(await ask('segment/lifecycle', { stages: wanted, ...since }))
    if (!stages.includes('PROSPECT')) return asked(stages)
    return not(
      await asked(['NEW', 'ACTIVE', 'LAPSING', 'LOST'].filter((stage) => !(stages as string[]).includes(stage))),
    )
  },

  consent: async (given, _asOf, ask) =>
    given.purpose === 'MARKETING'
      ? these(await ask('segment/consent', { channel: given.channel }))
      : not(these(await ask('segment/objected', {}))),

  response: async ({ types, campaignId, period }, asOf, ask) => {
    const about = { types, ...rangeOf(period, asOf) }
    return these(
      campaignId === undefined
        ? await ask('segment/response', about)
        : await ask('segment/response-to', { campaignId, ...about }),
    )
  },
}
