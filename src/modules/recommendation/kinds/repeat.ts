import { EvidenceKind } from '../../../generated/enums.ts'
import { type Kind, NO_STEPS } from './kind.ts'

/** customer -> own product: how often and how lately they bought it. Learns nothing: it is what the customer bought. */
export const repeat: Kind<null, never> = {
  kind: EvidenceKind.REPEAT,
  learn: () => null,
  write: async () => 0,
  read: async () => null,

  score: (_learned, _world, { items, repeats }, scale, totals) => {
    for (let at = 0; at < items.length; at++) totals[items[at]!]! += scale * repeats[at]!
  },

  find: async () => [],

  pieces: (_found, { own, productIds, customerId }) =>
    own
      .filter(({ id, times }) => customerId !== null && times > 0 && productIds.includes(id))
      .map(({ id, times, repeat }) => ({
        productId: id,
        amount: repeat,
        reason: (say) => say.repeat(times),
        through: NO_STEPS,
        relationship: 'BOUGHT',
        support: null,
      })),
}
