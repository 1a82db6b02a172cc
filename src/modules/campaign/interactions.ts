import { compareText, type Entry, type Rejection, rejection, sortedIds } from '../../batch.ts'
import { badInput, notFound } from '../../errors.ts'
import { interactionRecorded } from '../../events/topics.ts'
import type { Channel, InteractionType } from '../../generated/enums.ts'
import type { Transaction } from '../../graph/query.ts'
import { checkDate, checkId } from '../../input.ts'
import { heed, type Refusals } from './refusals.ts'

export type Interaction = {
  id: string
  customerId: string
  campaignId: string
  type: InteractionType
  channel?: Channel | null
  productId?: string | null
  orderId?: string | null
  at: Date
}

export function checkedInteraction(interaction: Interaction): Interaction {
  for (const name of ['id', 'customerId', 'campaignId'] as const) checkId(name, interaction[name])
  for (const name of ['productId', 'orderId'] as const) if (interaction[name] != null) checkId(name, interaction[name])
  checkDate('at', interaction.at)
  return interaction
}

export const compareInteractions = (a: Interaction, b: Interaction) =>
  compareText(a.campaignId, b.campaignId) || compareText(a.customerId, b.customerId)

const eventOf = ({ id }: { id: string }) => `interaction:${id}`

export async function writeInteractions(tx: Transaction, entries: Entry<Interaction>[], refusals: Refusals) {
  const found = await tx.query('campaign/known', {
    interactions: entries.map(({ item: { id, campaignId } }) => ({ id, campaignId, eventId: eventOf({ id }) })),
  })
  const recorded = new Set(found.flatMap((row) => (row.recorded ? [row.id] : [])))
  const startOf = new Map(found.map(({ campaignId, startsAt }) => [campaignId, startsAt]))
  const rejected: Rejection[] = []
  const byEvent = new Map<string, Interaction>()
  for (const { index, item } of entries) {
    if (recorded.has(item.id)) continue
    const refusal = refusalOf(item, startOf.get(item.campaignId) ?? null)
    if (refusal) rejected.push(rejection(index, item.id, refusal))
    else if (!byEvent.has(eventOf(item))) byEvent.set(eventOf(item), item)
  }
  // Only now: an event that is noted is never taken again, and what is rejected may be sent again.
  const taken = byEvent.size > 0 ? await tx.query('events/take', { ids: sortedIds(byEvent.keys()) }) : []
  const fresh = new Set(taken.map(({ id }) => id))
  const interactions = [...byEvent].flatMap(([eventId, one]) => (fresh.has(eventId) ? [one] : []))
  if (interactions.length > 0) {
    const customerIds = sortedIds(interactions.map(({ customerId }) => customerId))
    await tx.query('campaign/write-interactions', { customerIds, interactions })
    await heed(tx, interactions, refusals)
    await tx.query('events/write-all', {
      rows: interactions.map(({ id, campaignId }) => interactionRecorded({ interactionId: id, campaignId })),
    })
  }
  return { accepted: interactions.length, rejected }
}

function refusalOf({ campaignId, at }: Interaction, startsAt: string | null) {
  if (startsAt === null) return notFound('Campaign', campaignId, 'campaignId')
  if (at < new Date(startsAt))
    return badInput('at', `at must not be before campaign ${JSON.stringify(campaignId)} starts, ${startsAt}.`)
  return null
}
