import { Arm, type Channel, DecisionReason } from '../../generated/enums.ts'
import { share } from './hash.ts'

/** At most `max` messages to a customer in `days` days; of one channel, or (null) of all together. */
export type Cap = { max: number; days: number; channel: Channel | null }

/** What may be done on a channel, and what came of it: messages sent, responses to them, and bounces, complaints and farewells. */
export type ChannelFacts = {
  channel: Channel
  consent: boolean
  suppressed: boolean
  contact: boolean
  /** Until when the caps allow no further message, where they allow none. */
  cappedUntil: string | null
  /** The end of their night, where it is night. */
  quietUntil: string | null
  sent: number
  responses: number
  refusals: number
}

/** Everything a decision rests on, as it is recorded: from it alone the same is decided again. */
export type Inputs = {
  campaignId: string
  customerId: string
  at: string
  rules: {
    holdoutShare: number
    globalHoldoutShare: number
    caps: Cap[]
    /** `ahead`: treatments given to others by then. Null: no budget. */
    budget: { limit: number; ahead: number } | null
  }
  objected: boolean
  /** The campaign's channels, in its order. */
  channels: ChannelFacts[]
  /** Campaigns of higher priority, at the same time, that treat this customer. */
  claimedBy: string[]
  /** Products of the campaign: all, those sold, of these those not owned, and of these those a path leads to. */
  candidates: { named: number; sold: number; notOwned: number; reached: number }
}

export type Decided = {
  arm: Arm
  reasons: DecisionReason[]
  /** Of TREATMENT and HOLDOUT. */
  channel: Channel | null
  notBefore: string | null
}

/** Of a channel nothing is known of, one message in ten is taken to be responded to; two messages' worth of that. */
const USUAL = { rate: 0.1, messages: 2 }

/** What to do with a customer, with every reason there is. Nothing but its argument decides. */
export function decide(inputs: Inputs): Decided {
  const { campaignId, customerId, rules, channels, candidates, claimedBy } = inputs
  const reasons: DecisionReason[] = []
  const because = (holds: boolean, reason: DecisionReason) => holds && reasons.push(reason)

  because(inputs.objected, DecisionReason.OBJECTED)
  const barred = channels.map((one) => ({ one, by: barriers(one) }))
  const open = barred.filter(({ by }) => by.length === 0).map(({ one }) => one)
  if (open.length === 0) {
    const found = new Set(barred.flatMap(({ by }) => by))
    reasons.push(...BARRIERS.filter((reason) => found.has(reason)))
  }
  because(claimedBy.length > 0, DecisionReason.HIGHER_PRIORITY_CAMPAIGN)
  // Of who objects nobody knows what they own.
  if (!inputs.objected && candidates.reached === 0) {
    const owned = candidates.sold > 0 && candidates.notOwned === 0
    reasons.push(owned ? DecisionReason.OWNED : DecisionReason.NOT_RECOMMENDED)
  }
  if (reasons.length === 0 && rules.budget !== null && rules.budget.ahead >= rules.budget.limit)
    reasons.push(DecisionReason.BUDGET)
  if (reasons.length > 0) return { arm: Arm.EXCLUDED, reasons, channel: null, notBefore: null }

  const [best] = [...open].sort((a, b) => expected(b) - expected(a)) as [ChannelFacts]
  const notBefore = best.quietUntil
  because(notBefore !== null, DecisionReason.QUIET_HOURS)
  const { global, own } = holdouts(campaignId, customerId)
  const everywhere = global < rules.globalHoldoutShare
  because(everywhere, DecisionReason.GLOBAL_HOLDOUT)
  const arm = everywhere || own < rules.holdoutShare ? Arm.HOLDOUT : Arm.TREATMENT
  return { arm, reasons, channel: best.channel, notBefore }
}

/** Where a customer stands between 0 and 1: below the share they are held out, of every campaign or of this one. */
export const holdouts = (campaignId: string, customerId: string) => ({
  global: share('holdout', customerId),
  own: share('holdout', campaignId, customerId),
})

const BARRIERS = [
  DecisionReason.NO_CONSENT,
  DecisionReason.SUPPRESSED,
  DecisionReason.CONTACT_MISSING,
  DecisionReason.CAPPED,
] as const

function barriers({ consent, suppressed, contact, cappedUntil }: ChannelFacts): DecisionReason[] {
  const holds = [!consent, suppressed, !contact, cappedUntil !== null]
  return BARRIERS.filter((_, n) => holds[n])
}

/** Responses to be expected of one message, by those to earlier ones. */
const expected = ({ sent, responses, refusals }: ChannelFacts) =>
  (responses - refusals + USUAL.rate * USUAL.messages) / (Math.max(sent, responses + refusals) + USUAL.messages)
