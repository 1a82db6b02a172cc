import { Direction, EvidenceKind } from '../../../generated/enums.ts'
import type { Row } from '../../../graph/query.ts'
import { customersBehind, enough } from '../support.ts'
import type { Kind } from './kind.ts'
import { learnPopular, type Popular, popularWith } from './popular-sets.ts'

const statements = { write: 'model/write-popular-in-group', read: 'model/read-popular-in-group' } as const

/** customer -> their group (age band, income band, ...) -> what is popular in it. */
export const popularInGroup: Kind<Popular, Row<'recommendation/popular-in-group'>> = {
  kind: EvidenceKind.POPULAR_IN_GROUP,
  forget: 'model/forget-popular',
  learn: (data, parameters) => learnPopular(data.groups, data, parameters),
  ...popularWith(statements, ({ groups }) => groups),

  find: async (tx, { customerId, groups, productIds, model }) =>
    customerId === null
      ? []
      : tx.query('recommendation/popular-in-group', { groupIds: [...groups], productIds: [...productIds], model }),

  pieces: (found, { groups }) => {
    const asked = found.filter(({ groupId }) => groups.includes(groupId))
    return asked.map(({ productId, groupId, attribute, value, share, customers }) => ({
      productId,
      amount: share / groups.length,
      reason: (say) => say.popularInGroup(say.group(attribute, value), enough(customers)),
      through: (say) => [
        {
          label: 'Group',
          id: groupId,
          name: say.group(attribute, value),
          relationship: 'BELONGS_TO',
          direction: Direction.OUT,
        },
      ],
      relationship: 'POPULAR',
      support: customersBehind(customers),
    }))
  },
}
