import { HandoverState } from '../../generated/enums.ts'
import type { Graph, Params, Row } from '../../graph/query.ts'
import { languageOf } from '../../language.ts'
import type { ProposalService } from '../recommendation/proposal.service.ts'
import type { Decision, Handover } from './decision.type.ts'
import type { Campaign, HandoverService } from './handover.service.ts'
import { EVIDENCE } from './recorded.ts'

export type DeliveryService = ReturnType<typeof createDeliveryService>
/** @throws Error in words when it is not taken. */
export type Post = (message: { url: string; key: string; body: string }) => Promise<void>

type Parts = {
  graph: Graph
  handover: Pick<HandoverService, 'checked' | 'told' | 'campaignOf' | 'isOpen' | 'acknowledge'>
  proposals: Pick<ProposalService, 'offersOf'>
  post: Post
  /** So many have just become dead letters. */
  onDead?: (dead: number) => void
  now?: () => number
}
type Claimed = Row<'decision/claim'>
type PutOff = Params<'decision/put-off'>['rows'][number]

/** Claimed at once; and posted at once, checked again just before. */
const CLAIM = 240
const TOGETHER = 12
/** Then another instance may take over. No post is begun that could outlast it. */
const LEASE_MS = 20_000
const POST_MS = 10_000
/** What is held up is looked at again at the latest then: consent may be given, and a cap be changed. */
const RECHECK_MS = 120_000
/** From one attempt to the next, and (when nothing is taken any more) of a campaign as a whole. */
const BACKOFF = { firstMs: 1_000, mostMs: 600_000, campaignMs: 30_000 }
/** Of failing. */
const DEAD_AFTER_HOURS = 24

/** Hands decisions over to the webhooks of their campaigns: at least once each, with the same key, and acknowledged once. */
export function createDeliveryService(parts: Parts) {
  const { graph, handover, proposals, post, onDead = () => {}, now = Date.now } = parts
  /** Of campaigns whose webhook takes nothing. */
  const resting = new Map<string, { until: number; times: number }>()
  let stopped = false

  async function deliverSome(campaignId: string): Promise<number> {
    const leased = now()
    const claimed = await graph.query('decision/claim', { campaignId, leaseMs: LEASE_MS, first: CLAIM })
    let done = 0
    let goesOn = true
    const isInTime = () => now() - leased < LEASE_MS - POST_MS
    for (; done < claimed.length && goesOn && !stopped && isInTime(); done += TOGETHER)
      goesOn = await deliver(campaignId, claimed.slice(done, done + TOGETHER))
    await putOff(claimed.slice(done).map(({ id }) => ({ id })))
    return goesOn ? claimed.length : 0
  }

  /** Whether to go on. */
  async function deliver(campaignId: string, claimed: readonly Claimed[]): Promise<boolean> {
    const campaign = await handover.campaignOf(campaignId)
    const open = handover.isOpen(campaign) && campaign.webhookUrl !== null
    const states = open ? await handover.checked(campaign, claimed) : []
    const due = claimed.filter((_, at) => states[at]?.state === HandoverState.PENDING)
    const decisions = await handover.told(due)
    const failed = new Map<string, string>()
    const send = async (decision: Decision) => {
      const { id } = decision
      const body = JSON.stringify(payloadOf(campaign, decision))
      await post({ url: campaign.webhookUrl!, key: id, body }).catch((error) => failed.set(id, error.message))
    }
    await Promise.all(decisions.map(send))
    const taken = decisions.filter(({ id }) => !failed.has(id)).map(({ id }) => id)
    if (taken.length > 0) await handover.acknowledge(taken)
    const later = claimed.flatMap((row, at) => laterOf(row, states[at], failed.get(row.id)))
    await putOff(later.filter(({ id }) => !taken.includes(id)))
    rest(campaignId, taken.length, failed.size)
    return open && (failed.size === 0 || taken.length > 0)
  }

  function laterOf(row: Claimed, state: Handover | undefined, error: string | undefined): PutOff[] {
    const { id } = row
    if (error !== undefined) return [{ id, error, until: new Date(now() + backoff(row.attempts, BACKOFF.mostMs)) }]
    // The campaign is not open: when it is again, at once.
    if (state === undefined || state.state === HandoverState.PENDING) return [{ id }]
    return [
      { id, until: new Date(Math.min(Date.parse(state.until ?? '') || Number.POSITIVE_INFINITY, now() + RECHECK_MS)) },
    ]
  }

  async function putOff(rows: PutOff[]): Promise<void> {
    if (rows.length === 0) return
    const { dead } = (await graph.query('decision/put-off', { rows, hours: DEAD_AFTER_HOURS }))!
    if (dead > 0) onDead(dead)
  }

  function rest(campaignId: string, taken: number, failed: number): void {
    if (taken > 0 || failed === 0) {
      if (taken > 0) resting.delete(campaignId)
      return
    }
    const times = resting.get(campaignId)?.times ?? 0
    resting.set(campaignId, { until: now() + backoff(times, BACKOFF.campaignMs), times: times + 1 })
  }

  /** Of a decision that is handed over: what its campaign's tool needs to write to the customer. */
  function payloadOf({ name }: Campaign, decision: Decision) {
    const { id, campaignId, customerId, channel, at, asOf, modelId, packed, language = languageOf(null) } = decision
    const offers = packed === null ? [] : proposals.offersOf(packed, language, EVIDENCE)
    return {
      ...{ id, campaignId, campaign: name, customerId, channel, language, model: modelId, asOf, decidedAt: at },
      offers: offers.map(({ rank, score, productId, reason, evidence }) => ({
        ...{ rank, score, productId, reason },
        evidence: evidence.map(({ kind, contribution, share, reason }) => ({ kind, contribution, share, reason })),
      })),
    }
  }

  return {
    /** What is due now, until nothing is. */
    async run(): Promise<void> {
      const campaigns = await graph.query('decision/deliverable', {})
      for (const { id } of campaigns)
        for (let done = CLAIM; done === CLAIM && !stopped && now() >= (resting.get(id)?.until ?? 0); )
          done = await deliverSome(id)
    },

    /** No post is begun any more. */
    stop(): void {
      stopped = true
    },
  }
}

/** Twice as long each time, give or take a quarter: instances that failed together do not come back together. */
const backoff = (times: number, mostMs: number) =>
  Math.min(BACKOFF.firstMs * 2 ** Math.min(times, 20), mostMs) * (0.75 + Math.random() / 2)
