import { DomainError, notFound } from '../../errors.ts'
import type { AudienceStatus, Channel, Language } from '../../generated/enums.ts'
import type { Transaction } from '../../graph/query.ts'
import { checkId } from '../../input.ts'
import { build, type Counts, type Parts, revisionOf } from './build.ts'
import { type Cap, decide, type Inputs } from './decide.ts'
import type { AudienceProgress, Decision, Offer, ReasonCount } from './decision.type.ts'
import { decisionId, oneOf } from './hash.ts'
import { type Campaign, reachOf, toInputs } from './inputs.ts'
import { EVIDENCE, toDecision } from './recorded.ts'
import { type Compared, differences } from './replay.ts'

export type DecisionService = ReturnType<typeof createDecisionService>

const PROGRESS_MS = 10_000

export function createDecisionService(
  given: Omit<Parts, 'now'> & { now?: () => Date; onProgress?: (done: { decided: number; total: number }) => void },
) {
  const { onProgress = () => {} } = given
  const parts: Parts = { now: () => new Date(), ...given }
  const { graph, models, proposals, consent, house, now } = parts
  const stop = new AbortController()
  const running = new Set<Promise<unknown>>()

  async function campaignOf(id: string, signal?: AbortSignal): Promise<Campaign> {
    const campaign = await graph.query('decision/campaign', { id }, { signal })
    if (!campaign) throw notFound('Campaign', id)
    return campaign
  }

  async function found(id: string, signal?: AbortSignal) {
    const [row] = await graph.query('decision/many', { ids: [id] }, { signal })
    return row && { ...row, inputs: row.inputs as Inputs }
  }
  type Found = NonNullable<Awaited<ReturnType<typeof found>>>

  const recordedOffers = (packed: string | null, language: Language): Offer[] =>
    packed === null ? [] : proposals.offersOf(packed, language, EVIDENCE)

  /** What would be decided now, of the same customer by the same rules of procedure; nothing is written. */
  async function today({ campaignId, customerId, inputs }: Found, signal: AbortSignal): Promise<Compared | null> {
    const campaign = await campaignOf(campaignId, signal)
    const { modelIds } = campaign
    const model = await models.serving(modelIds.length > 0 ? oneOf(modelIds, campaignId, customerId) : null, signal)
    const at = now()
    const { priority, startsAt, endsAt, sold: productIds } = campaign
    const customerIds = [customerId]
    const [[standing], allowed, [proposal]] = await Promise.all([
      graph.query('decision/standing', { customerIds, campaignId, priority, startsAt, endsAt }, { signal }),
      consent.allowed(customerIds, campaign.channels as Channel[], graph, campaign.cap as Cap | null, campaignId),
      proposals.propose({ model, productIds, customerIds }),
    ])
    if (!standing || !proposal) return null
    const { candidates } = reachOf(campaign, proposal)
    // Who came first when the budget was given out is not asked again.
    const budget = campaign.budget === null ? null : { limit: campaign.budget, ahead: inputs.rules.budget?.ahead ?? 0 }
    const facts = { candidates, budget, at: at.toISOString() }
    const read = toInputs(campaign, house, standing, allowed.get(customerId)!, facts)
    return compared(read, model.id, proposal.offers)
  }

  function compared(inputs: Inputs, model: string, packed: string | null): Compared {
    const decided = decide(inputs)
    const told = decided.arm !== 'EXCLUDED' || decided.reasons.includes('BUDGET')
    return { decided, inputs, model, offers: told ? recordedOffers(packed, 'EN') : [] }
  }

  return {
    /** Answers when all are decided about. @throws NOT_FOUND; CONFLICT without a segment, completed, or while another build goes on. */
    async build(campaignId: string): Promise<Counts> {
      checkId('campaignId', campaignId)
      const campaign = await campaignOf(campaignId)
      const { segmentId } = campaign
      if (segmentId === null)
        throw new DomainError(
          'CONFLICT',
          `Campaign ${JSON.stringify(campaignId)} has no segment: it was loaded as one of the past.`,
        )
      if (campaign.status === 'COMPLETED')
        throw new DomainError('CONFLICT', `Campaign ${JSON.stringify(campaignId)} is completed.`)
      let told = performance.now()
      const building = build(
        parts,
        { ...campaign, segmentId },
        {
          stopping: stop.signal,
          onProgress: (done) => {
            if (performance.now() - told < PROGRESS_MS) return
            told = performance.now()
            onProgress(done)
          },
        },
      )
      const ended = building.catch(() => {})
      running.add(ended)
      return building.finally(() => running.delete(ended))
    },

    /** Whether everybody is decided about by what the campaign, in DRAFT, says now. */
    async isBuilt(tx: Transaction, campaignId: string): Promise<boolean> {
      const campaign = await tx.query('decision/campaign', { id: campaignId })
      const built = await tx.query('decision/built', { campaignId })
      return campaign !== null && built?.status === 'BUILT' && built.revision === revisionOf(campaign)
    },

    /** @throws NOT_FOUND for an unknown campaign. */
    async progress(campaignId: string, signal?: AbortSignal): Promise<AudienceProgress> {
      checkId('campaignId', campaignId)
      const row = await graph.query('decision/progress', { campaignId }, { signal })
      if (!row) throw notFound('Campaign', campaignId)
      const decided = row.treatment + row.holdout + row.excluded
      return { campaignId, ...row, status: row.status as AudienceStatus, decided }
    },

    async reasons(campaignId: string, signal?: AbortSignal): Promise<ReasonCount[]> {
      return (await graph.query('decision/reasons', { campaignId }, { signal })) as ReasonCount[]
    },

    /** Null where nothing is decided. @throws NOT_FOUND for an unknown campaign. */
    async of(campaignId: string, customerId: string, signal?: AbortSignal): Promise<Decision | null> {
      checkId('campaignId', campaignId)
      checkId('customerId', customerId)
      const row = await found(decisionId(campaignId, customerId), signal)
      if (row) return toDecision(proposals, row)
      await campaignOf(campaignId, signal)
      return null
    },

    /** @throws NOT_FOUND. */
    async replay(id: string, signal: AbortSignal): Promise<Decision> {
      checkId('id', id)
      const row = await found(id, signal)
      if (!row) throw notFound('Decision', id)
      const recorded = compared(row.inputs, row.model, row.offers)
      const now = await today(row, signal)
      const decision = toDecision(proposals, { ...row, ...recorded.decided })
      return { ...decision, differences: now && differences(recorded, now) }
    },

    /** In the customer's language where it is handed over, otherwise in the one asked for. */
    offersOf: ({ packed, language }: Pick<Decision, 'packed' | 'language'>, asked: Language): Offer[] =>
      recordedOffers(packed, language ?? asked),

    /** Builds end after the batch under way, to be gone on with. */
    async stop(): Promise<void> {
      stop.abort(new DomainError('UNAVAILABLE', 'The service stops. Build the audience again: it goes on.'))
      await Promise.all(running)
    },
  }
}
