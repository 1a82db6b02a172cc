import { Direction, EvidenceKind } from '../../../generated/enums.ts'
import type { Row } from '../../../graph/query.ts'
import { customersBehind, enough } from '../support.ts'
import type { Kind } from './kind.ts'
import { learnPopular, type Popular, popularWith } from './popular-sets.ts'

const statements = { write: 'model/write-campaign', read: 'model/read-campaign' } as const

/** customer -> a campaign they responded to -> what others who responded buy. */
export const campaign: Kind<Popular, Row<'recommendation/campaign'>> = {
  kind: EvidenceKind.CAMPAIGN,
  forget: 'model/forget-popular',
  learn: (data, parameters) => learnPopular(data.responders, data, parameters),
  ...popularWith(statements, ({ campaigns }) => campaigns),

  find: async (tx, { customerId, campaigns, productIds, model }) =>
    customerId === null
      ? []
      : tx.query('recommendation/campaign', { campaignIds: [...campaigns], productIds: [...productIds], model }),

  pieces: (found, { campaigns }) => {
    const asked = found.filter(({ campaignId }) => campaigns.includes(campaignId))
    return asked.map(({ productId, campaignId, name, share, customers }) => ({
      productId,
      amount: share / campaigns.length,
      reason: (say) => say.responded(name ?? say.campaign(campaignId), enough(customers)),
      through: (say) => [
        {
          label: 'Campaign',
          id: campaignId,
          name: name ?? say.campaign(campaignId),
          relationship: 'RESPONDED',
          direction: Direction.OUT,
        },
      ],
      relationship: 'POPULAR',
      support: customersBehind(customers),
    }))
  },
}
