import type { Arm, Channel, DecisionReason } from '../../generated/enums.ts'
import type { Row } from '../../graph/query.ts'
import type { ProposalService } from '../recommendation/proposal.service.ts'
import { holdouts, type Inputs } from './decide.ts'
import type { Decision } from './decision.type.ts'

/** Of each offer at most so much of what speaks for it is recorded. */
export const EVIDENCE = 5

export type DecisionRow = Omit<Row<'decision/many'>, 'inputs'> & { inputs: Inputs }

/** A decision as it is told, of the row it is recorded in. */
export function toDecision(
  proposals: Pick<ProposalService, 'offersOf'>,
  { inputs, offers, model, arm, reasons, channel, score: _, ...row }: DecisionRow,
): Decision {
  const { rules, at: __, campaignId, customerId, candidates, ...facts } = inputs
  const { global, own } = holdouts(campaignId, customerId)
  const offered = offers === null ? 0 : proposals.offersOf(offers, 'EN', EVIDENCE).length
  return {
    ...row,
    arm: arm as Arm,
    reasons: reasons as DecisionReason[],
    channel: channel as Channel | null,
    modelId: model,
    packed: offers,
    candidates: { ...candidates, offered },
    rules: { ...rules, holdoutAt: own, globalHoldoutAt: global, ...facts },
  }
}
