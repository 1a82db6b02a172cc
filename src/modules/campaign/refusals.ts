import { InteractionType } from '../../generated/enums.ts'
import type { Transaction } from '../../graph/query.ts'
import type { ConsentService } from '../consent/consent.service.ts'
import type { SuppressionService } from '../consent/suppression.service.ts'
import type { Interaction } from './interactions.ts'

/** Who hears that a customer does not want, or can't get, what is sent. */
export type Refusals = {
  consent: Pick<ConsentService, 'withdraw'>
  suppression: Pick<SuppressionService, 'addMany'>
}

const { UNSUBSCRIBED, BOUNCED, COMPLAINED } = InteractionType
const WITHDRAWS: readonly string[] = [UNSUBSCRIBED, COMPLAINED]
const SUPPRESSES: readonly string[] = [BOUNCED, COMPLAINED]

/**
 * Whoever unsubscribed or complained has withdrawn consent; nobody writes by that channel to who complained, nor to the address that
 * bounced. In the transaction that records it.
 */
export async function heed(tx: Transaction, all: readonly Interaction[], refusals: Refusals): Promise<void> {
  const interactions = all.filter(({ type }) => [...WITHDRAWS, ...SUPPRESSES].includes(type))
  if (interactions.length === 0) return
  const channels = new Map(
    (await tx.query('campaign/refused', { interactions })).map(({ id, channel }) => [id, channel]),
  )
  const told = interactions.map(({ id, customerId, type, at }) => ({
    ...{ customerId, type, at },
    channel: channels.get(id) as Interaction['channel'],
    source: `interaction ${id}`,
  }))
  await refusals.consent.withdraw(
    tx,
    told.filter(({ type }) => WITHDRAWS.includes(type)),
  )
  await refusals.suppression.addMany(
    tx,
    told
      .filter(({ type }) => SUPPRESSES.includes(type))
      .map(({ type, source, ...one }) => ({ ...one, address: type === BOUNCED, reason: `${type}: ${source}` })),
  )
}
