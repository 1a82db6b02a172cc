import { EvidenceKind } from '../../../generated/enums.ts'
import type { Row } from '../../../graph/query.ts'
import { customersBehind, enough } from '../support.ts'
import { type Kind, NO_STEPS } from './kind.ts'
import { type Measures, measure, readMeasures } from './measure.ts'

/** product bought by more customers lately than before: the share of customers who did. Kept with what a model measured of each product. */
export const trending: Kind<Measures, Row<'recommendation/trending'>> = {
  kind: EvidenceKind.TRENDING,
  forget: 'model/forget-measures',
  learn: measure,
  // The measures are always written, for the catalogue and the factor.
  write: async () => 0,
  read: readMeasures,

  score: ({ offered, recent, before, recentShare }, _world, { basket }, scale, totals) => {
    if (basket) return
    for (let item = 0; item < offered.length; item++) {
      if (offered[item] && recent[item]! > before[item]!) totals[item]! += scale * recentShare[item]!
    }
  },

  find: async (tx, { customerId, productIds, model }) =>
    customerId === null ? [] : tx.query('recommendation/trending', { productIds: [...productIds], model }),

  pieces: (found, { parameters: { trend } }) =>
    found.map(({ productId, recent, before, recentShare }) => ({
      productId,
      amount: recentShare,
      reason: (say) => say.trending({ recent: enough(recent), before: enough(before), days: trend.days }),
      through: NO_STEPS,
      relationship: 'TRENDING',
      support: customersBehind(recent),
    })),
}
