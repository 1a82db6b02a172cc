import {
  type BatchResult,
  compareText,
  type Entry,
  type Rejection,
  rejection,
  sortedIds,
  takeBatch,
} from '../../batch.ts'
import { badInput, DomainError, notFound } from '../../errors.ts'
import { CampaignStatus, type Channel, type InteractionType } from '../../generated/enums.ts'
import type { Graph, Transaction } from '../../graph/query.ts'
import { checkDate, checkId } from '../../input.ts'
import type { CampaignInput } from './campaign.type.ts'
import { checkedDraft, type Draft } from './draft.ts'

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
export type CampaignService = ReturnType<typeof createCampaignService>

type Parts = {
  graph: Graph
  /** Whether webhooks may lead to this machine and to private networks. */
  privateHosts: boolean
}

export function createCampaignService({ graph, privateHosts }: Parts) {
  return {
    /** Its id. @throws BAD_USER_INPUT that names the field; nothing is written then. */
    async create(input: CampaignInput, author: string): Promise<string> {
      const draft = checkedDraft(input, { privateHosts })
      const id = crypto.randomUUID()
      await graph.transaction((tx) => writeDraft(tx, { id, author, ...draft }))
      return id
    },

    /** Replaces all of it. @throws NOT_FOUND, CONFLICT when it is no DRAFT any more, BAD_USER_INPUT as above. */
    async update(id: string, input: CampaignInput): Promise<void> {
      checkId('id', id)
      const draft = checkedDraft(input, { privateHosts })
      await graph.transaction(async (tx) => {
        const found = await tx.query('campaign/lock', { id })
        if (!found) throw notFound('Campaign', id)
        if (found.status !== CampaignStatus.DRAFT)
          throw new DomainError(
            'CONFLICT',
            `Campaign ${JSON.stringify(id)} is ${found.status}: only a DRAFT can change.`,
          )
        await writeDraft(tx, { id, author: null, ...draft })
      })
    },

    /** Each interaction once, by its id; its campaign must be known and have started by then. */
    recordInteractions: (interactions: Interaction[]): Promise<BatchResult> =>
      takeBatch('interactions', interactions, {
        check: checked,
        compare: (a, b) => compareText(a.campaignId, b.campaignId) || compareText(a.customerId, b.customerId),
        write: (entries) => graph.transaction((tx) => write(tx, entries)),
      }),
  }
}

async function writeDraft(tx: Transaction, draft: Draft & { id: string; author: string | null }): Promise<void> {
  const { segmentId, products, coupons, campaign } = draft
  const unknown = await tx.query('campaign/unknown', {
    segmentId,
    products,
    coupons,
    modelIds: campaign.modelIds ?? [],
  })
  for (const [field, [id]] of Object.entries(unknown!))
    if (id !== undefined) throw badInput(field, `${field} names ${JSON.stringify(id)}, which does not exist.`)
  await tx.query('campaign/write', draft)
}

function checked(interaction: Interaction): Interaction {
  for (const name of ['id', 'customerId', 'campaignId'] as const) checkId(name, interaction[name])
  for (const name of ['productId', 'orderId'] as const) if (interaction[name] != null) checkId(name, interaction[name])
  checkDate('at', interaction.at)
  return interaction
}

const eventOf = ({ id }: { id: string }) => `interaction:${id}`

async function write(tx: Transaction, entries: Entry<Interaction>[]) {
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
  }
  return { accepted: interactions.length, rejected }
}

function refusalOf({ campaignId, at }: Interaction, startsAt: string | null) {
  if (startsAt === null) return notFound('Campaign', campaignId)
  if (at < new Date(startsAt))
    return badInput('at', `at must not be before campaign ${JSON.stringify(campaignId)} starts, ${startsAt}.`)
  return null
}
