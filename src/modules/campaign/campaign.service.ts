import { type BatchResult, takeBatch } from '../../batch.ts'
import { badInput, notFound } from '../../errors.ts'
import type { CampaignStatus } from '../../generated/enums.ts'
import type { Graph, Transaction } from '../../graph/query.ts'
import { checkId } from '../../input.ts'
import type { DecisionService } from '../decision/decision.service.ts'
import type { CampaignInput } from './campaign.type.ts'
import { checkedDraft, type Draft, type WebhookSettings } from './draft.ts'
import { editOf } from './edit.ts'
import { checkedInteraction, compareInteractions, type Interaction, writeInteractions } from './interactions.ts'
import { checkApproval, checkStart, notBuilt, type Standing, type Step, statusAfter } from './lifecycle.ts'
import type { Refusals } from './refusals.ts'

export type { Interaction } from './interactions.ts'
export type CampaignService = ReturnType<typeof createCampaignService>

type Parts = {
  graph: Graph
  decisions: Pick<DecisionService, 'isBuilt'>
  refusals: Refusals
  webhooks: WebhookSettings
  /** Whether somebody who did not write a campaign has to approve it before it starts. */
  approval: boolean
  afterCommit?: () => void
}

export function createCampaignService(parts: Parts) {
  const { graph, decisions, refusals, webhooks, approval, afterCommit = () => {} } = parts

  /** With the campaign locked; every instance hears of it. @throws NOT_FOUND. */
  async function changing<T>(id: string, change: (tx: Transaction, standing: Standing) => Promise<T>): Promise<T> {
    checkId('id', id)
    const done = await graph.transaction(async (tx) => {
      const standing = await tx.query('campaign/lock', { id })
      if (!standing) throw notFound('Campaign', id)
      const changed = await change(tx, standing)
      await announce(tx, id)
      return changed
    })
    afterCommit()
    return done
  }

  /** @throws NOT_FOUND; CONFLICT that names both states, or what is missing. */
  const take = (step: Step, id: string): Promise<void> =>
    changing(id, async (tx, standing) => {
      const status = statusAfter(step, id, standing)
      if (step === 'schedule' || step === 'launch') {
        checkStart(step, id, standing, { approval })
        if (standing.status === 'DRAFT' && !(await decisions.isBuilt(tx, id))) throw notBuilt(id, standing)
      }
      await tx.query('campaign/step', { id, status })
    })

  /** Unless somebody was faster: then it is no longer due. */
  const startOrEnd = (id: string, status: CampaignStatus): Promise<void> =>
    changing(id, async (tx, standing) => {
      const isDue =
        status === 'COMPLETED'
          ? standing.over && ['RUNNING', 'PAUSED'].includes(standing.status)
          : standing.begun && standing.status === 'SCHEDULED'
      if (isDue) await tx.query('campaign/step', { id, status })
    })

  return {
    /** Its id. @throws BAD_USER_INPUT that names the field; nothing is written then. */
    async create(input: CampaignInput, author: string): Promise<string> {
      const draft = checkedDraft(input, webhooks)
      const id = crypto.randomUUID()
      await graph.transaction(async (tx) => {
        await writeDraft(tx, { id, author, ...draft })
        await announce(tx, id)
      })
      afterCommit()
      return id
    },

    /** Replaces all of it, and notes what that affects. @throws NOT_FOUND, CONFLICT when it is COMPLETED, BAD_USER_INPUT as above. */
    async update(id: string, input: CampaignInput, by: string): Promise<void> {
      const draft = checkedDraft(input, webhooks)
      await changing(id, async (tx, standing) => {
        const before = (await tx.query('campaign/says', { id }))!
        const { status, renamed, ...edit } = editOf(id, standing, before, draft, { approval, now: new Date() })
        await writeDraft(tx, { id, author: null, ...draft })
        await tx.query('campaign/edited', { id, by, status, renamed, edit })
      })
    },

    /** @throws NOT_FOUND, CONFLICT when it is COMPLETED, FORBIDDEN for who wrote it. */
    approve: (id: string, by: string): Promise<void> =>
      changing(id, async (tx, standing) => {
        checkApproval(id, standing, by, { approval })
        if (standing.approvedBy === null) await tx.query('campaign/approve', { id, by })
      }),

    schedule: (id: string) => take('schedule', id),
    launch: (id: string) => take('launch', id),
    pause: (id: string) => take('pause', id),
    complete: (id: string) => take('complete', id),

    /** Starts what is scheduled and due, completes what is over: each once, however many instances look. How many. */
    async keepTime(): Promise<number> {
      const due = await graph.query('campaign/due', { approval })
      for (const { id, status } of due) await startOrEnd(id, status as CampaignStatus)
      return due.length
    },

    /** Each interaction once, by its id; its campaign must be known and have started by then. Refusals are heeded in the same transaction. */
    async recordInteractions(interactions: Interaction[]): Promise<BatchResult> {
      const result = await takeBatch('interactions', interactions, {
        check: checkedInteraction,
        compare: compareInteractions,
        write: (entries) => graph.transaction((tx) => writeInteractions(tx, entries, refusals)),
      })
      if (result.accepted > 0) afterCommit()
      return result
    },
  }
}

/** Told to every instance once the transaction is committed. */
const announce = (tx: Transaction, campaignId: string) =>
  tx.query('events/write', {
    id: crypto.randomUUID(),
    topic: 'campaignChanged',
    key: campaignId,
    payload: { campaignId },
  })

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
