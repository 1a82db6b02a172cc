import type { Channel } from '../../generated/enums.ts'
import type { Row } from '../../graph/query.ts'
import type { Allowed } from '../consent/consent.service.ts'
import type { Proposal } from '../recommendation/proposal.service.ts'
import type { Cap, Inputs } from './decide.ts'

export type Campaign = Row<'decision/campaign'>
export type Standing = Row<'decision/standing'>
/** What holds for every campaign, by the service's configuration. */
export type HouseRules = { globalHoldoutShare: number; cap: Omit<Cap, 'channel'> | null }

export const capsOf = ({ cap }: Pick<Campaign, 'cap'>, house: HouseRules): Cap[] => [
  ...(cap ? [cap as Cap] : []),
  ...(house.cap ? [{ channel: null, ...house.cap }] : []),
]

/** What of a customer is found by products, before anything of consent or caps is read. */
export type Reach = Pick<Inputs, 'candidates'> & Pick<Proposal, 'score' | 'kind'>

export const reachOf = ({ named, sold }: Pick<Campaign, 'named' | 'sold'>, proposal: Proposal): Reach => ({
  candidates: { named: named.length, sold: sold.length, notOwned: proposal.notOwned, reached: proposal.reached },
  score: proposal.score,
  kind: proposal.kind,
})

export function toInputs(
  campaign: Campaign,
  house: HouseRules,
  { customerId, objected, claimedBy, responses }: Standing,
  allowed: readonly Allowed[],
  { candidates, budget, at }: Pick<Inputs, 'candidates' | 'at'> & Pick<Inputs['rules'], 'budget'>,
): Inputs {
  const channels = (campaign.channels as Channel[]).map((channel) => {
    const { consent, suppressed, contact, cappedUntil, quietUntil } = allowed.find((one) => one.channel === channel)!
    const { sent, responses: answered, refusals } = responses.find((one) => one.channel === channel) ?? NOTHING
    return { channel, consent, suppressed, contact, cappedUntil, quietUntil, sent, responses: answered, refusals }
  })
  return {
    campaignId: campaign.id,
    customerId,
    at,
    rules: {
      holdoutShare: campaign.holdoutShare,
      globalHoldoutShare: house.globalHoldoutShare,
      caps: capsOf(campaign, house),
      budget,
    },
    objected,
    channels,
    claimedBy,
    candidates,
  }
}

const NOTHING = { sent: 0, responses: 0, refusals: 0 }
