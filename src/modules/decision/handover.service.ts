import { sortedIds } from '../../batch.ts'
import { badInput, DomainError, notFound } from '../../errors.ts'
import { interactionRecorded } from '../../events/topics.ts'
import { Arm, CampaignStatus, type Channel, DecisionReason, HandoverState } from '../../generated/enums.ts'
import type { Graph, Row } from '../../graph/query.ts'
import { checkId, checkRange } from '../../input.ts'
import { languageOf } from '../../language.ts'
import type { Allowed, ConsentService } from '../consent/consent.service.ts'
import type { ProposalService } from '../recommendation/proposal.service.ts'
import type { Cap, Inputs } from './decide.ts'
import type { Decision, Handover } from './decision.type.ts'
import { toDecision } from './recorded.ts'

/** What of a campaign handing over goes by. */
export type Campaign = Row<'decision/handing'>
export type HandoverService = ReturnType<typeof createHandoverService>
type Parts = {
  graph: Graph
  consent: Pick<ConsentService, 'allowed'>
  proposals: Pick<ProposalService, 'offersOf'>
  now?: () => Date
}
type Waiting = Pick<Row<'decision/to-hand'>, 'id' | 'customerId' | 'channel' | 'objected'>

const MOST = 10_000
const PAGE = 1_000
const BATCH = 1_000
/** An acknowledgement of many waits for others about the same customers. */
const WRITE_MS = 120_000

export function createHandoverService({ graph, consent, proposals, now = () => new Date() }: Parts) {
  async function campaignOf(id: string, signal?: AbortSignal): Promise<Campaign> {
    const campaign = await graph.query('decision/handing', { id }, { signal })
    if (!campaign) throw notFound('Campaign', id)
    return campaign
  }

  const isOpen = ({ status, startsAt, endsAt }: Campaign) =>
    status === CampaignStatus.RUNNING && Date.parse(startsAt) <= now().getTime() && now().getTime() < Date.parse(endsAt)

  /** What holds these up now, of a campaign that is open; in their order. The decision itself and others of its campaign don't count for caps. */
  async function checked(
    campaign: Campaign,
    rows: readonly Waiting[],
    tx: Pick<Graph, 'query'> = graph,
  ): Promise<Handover[]> {
    const customers = rows.map(({ customerId }) => customerId)
    const channels = [...new Set(rows.flatMap(({ channel }) => (channel === null ? [] : [channel as Channel])))]
    const allowed = await consent.allowed(customers, channels, tx, campaign.cap as Cap | null, campaign.id)
    return rows.map((row) => {
      const facts = allowed.get(row.customerId)!.find(({ channel }) => channel === row.channel)
      return held(row, campaign.channels, facts)
    })
  }

  /** As they are handed over: with what is said in the customer's language. */
  async function told(
    found: readonly { id: string; language: string | null }[],
    signal?: AbortSignal,
  ): Promise<Decision[]> {
    const decisions: Decision[] = []
    for (let from = 0; from < found.length; from += BATCH) {
      const part = found.slice(from, from + BATCH)
      const languages = new Map(part.map(({ id, language }) => [id, languageOf(language)]))
      for (const row of await graph.query('decision/many', { ids: [...languages.keys()] }, { signal }))
        decisions.push({
          ...toDecision(proposals, { ...row, inputs: row.inputs as Inputs }),
          language: languages.get(row.id)!,
          handover: PENDING,
        })
    }
    return decisions
  }

  return {
    checked,
    isOpen,
    campaignOf,
    told,

    /** What is to be handed over now, in the order of its ids; the same again until it is acknowledged. @throws NOT_FOUND. */
    async pending(campaignId: string, first: number, signal?: AbortSignal): Promise<Decision[]> {
      checkId('campaignId', campaignId)
      checkRange('first', first, 1, MOST)
      const campaign = await campaignOf(campaignId, signal)
      if (!isOpen(campaign)) return []
      const found: { id: string; language: string | null }[] = []
      // What has a webhook goes there; what that would not take may be pulled.
      const dead = campaign.webhookUrl !== null
      for (let after = '', full = true; full && found.length < first; ) {
        const rows = await graph.query('decision/to-hand', { campaignId, after, first: PAGE, dead }, { signal })
        const handovers = await checked(campaign, rows)
        found.push(...rows.filter((_, at) => handovers[at]!.state === HandoverState.PENDING))
        full = rows.length === PAGE
        after = rows.at(-1)?.id ?? after
      }
      return told(found.slice(0, first), signal)
    },

    /** Null for who is not treated. */
    async of(
      decision: Pick<Decision, 'id' | 'campaignId' | 'arm' | 'handover'>,
      signal?: AbortSignal,
    ): Promise<Handover | null> {
      if (decision.handover !== undefined) return decision.handover
      if (decision.arm !== Arm.TREATMENT) return null
      const [row] = await graph.query('decision/handed', { ids: [decision.id] }, { signal })
      if (!row?.customerId) return null
      if (row.handedAt !== null)
        return { ...PENDING, ...tried(row), state: HandoverState.HANDED_OVER, at: row.handedAt }
      const campaign = await campaignOf(decision.campaignId, signal)
      const [handover] = await checked(campaign, [{ ...row, customerId: row.customerId }])
      const now = { ...handover!, ...tried(row) }
      if (now.state === HandoverState.WITHHELD) return now
      if (!isOpen(campaign))
        return { ...now, state: HandoverState.WAITING, reasons: [DecisionReason.NOT_RUNNING, ...now.reasons] }
      return row.deadAt === null ? now : { ...now, state: HandoverState.FAILED }
    },

    /** How many of them were not acknowledged before. All or nothing. @throws BAD_USER_INPUT for what is not there or not treated, CONFLICT for what has not started. */
    async acknowledge(ids: readonly string[]): Promise<number> {
      if (ids.length > MOST) throw badInput('ids', `ids has ${ids.length} entries; at most ${MOST} are allowed.`)
      for (const id of ids) checkId('ids', id)
      const wanted = sortedIds(ids)
      return graph.transaction(
        async (tx) => {
          const found = new Map((await tx.query('decision/handed', { ids: wanted })).map((row) => [row.id, row]))
          for (const id of wanted) checkMayBe(id, found.get(id))
          const customerIds = sortedIds([...found.values()].flatMap(({ customerId }) => customerId ?? []))
          await tx.query('decision/lock', { customerIds })
          const handed = await tx.query('decision/acknowledge', { ids: wanted })
          await tx.query('events/write-all', { rows: handed.map(interactionRecorded) })
          return handed.length
        },
        { timeoutMs: WRITE_MS },
      )
    },
  }
}

const PENDING: Handover = { state: HandoverState.PENDING, reasons: [], until: null, at: null, attempts: 0, error: null }
const tried = ({ attempts, error }: Row<'decision/handed'>) => ({ attempts, error })
const NOT_STARTED: readonly string[] = [CampaignStatus.DRAFT, CampaignStatus.SCHEDULED]

function checkMayBe(id: string, row: Row<'decision/handed'> | undefined): void {
  const named = `ids names ${JSON.stringify(id)}`
  if (!row) throw badInput('ids', `${named}, which does not exist.`)
  if (row.arm !== Arm.TREATMENT) throw badInput('ids', `${named}, which is ${row.arm}: only TREATMENT is handed over.`)
  if (NOT_STARTED.includes(row.status))
    throw new DomainError(
      'CONFLICT',
      `${named}, of a campaign that is ${row.status}: nothing of it is handed over yet.`,
    )
}

/** What has changed since it was decided, and what of that passes by itself. */
function held({ objected, channel }: Waiting, channels: readonly string[], facts: Allowed | undefined): Handover {
  const holds: [boolean, DecisionReason][] = [
    [objected, DecisionReason.OBJECTED],
    [!channels.includes(channel ?? ''), DecisionReason.CHANNEL_REMOVED],
    [!facts?.consent, DecisionReason.NO_CONSENT],
    [Boolean(facts?.suppressed), DecisionReason.SUPPRESSED],
    [!facts?.contact, DecisionReason.CONTACT_MISSING],
  ]
  const against = holds.flatMap(([is, reason]) => (is ? [reason] : []))
  if (against.length > 0) return { ...PENDING, state: HandoverState.WITHHELD, reasons: against }
  const { cappedUntil, quietUntil } = facts!
  const reasons = [
    ...(cappedUntil === null ? [] : [DecisionReason.CAPPED]),
    ...(quietUntil === null ? [] : [DecisionReason.QUIET_HOURS]),
  ]
  if (reasons.length === 0) return PENDING
  const until = [cappedUntil, quietUntil]
    .filter((one) => one !== null)
    .sort()
    .at(-1)!
  return { ...PENDING, state: HandoverState.WAITING, reasons, until }
}
