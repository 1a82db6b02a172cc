import { DomainError } from '../../errors.ts'
import { CampaignStatus } from '../../generated/enums.ts'
import type { Row } from '../../graph/query.ts'

/** How far a campaign is, as its lock tells. */
export type Standing = Row<'campaign/lock'>
export type Step = 'schedule' | 'launch' | 'pause' | 'complete'

const { DRAFT, SCHEDULED, RUNNING, PAUSED, COMPLETED } = CampaignStatus

/** DRAFT -> SCHEDULED -> RUNNING <-> PAUSED -> COMPLETED; a draft may be launched at once, and what runs may be completed. */
const STEPS: Readonly<Record<Step, { from: readonly string[]; to: CampaignStatus }>> = {
  schedule: { from: [DRAFT], to: SCHEDULED },
  launch: { from: [DRAFT, SCHEDULED, PAUSED], to: RUNNING },
  pause: { from: [RUNNING], to: PAUSED },
  complete: { from: [RUNNING, PAUSED], to: COMPLETED },
}

const conflict = (id: string, says: string) => new DomainError('CONFLICT', `Campaign ${JSON.stringify(id)} ${says}`)

/** The status after a step. @throws CONFLICT that names both. */
export function statusAfter(step: Step, id: string, { status }: Pick<Standing, 'status'>): CampaignStatus {
  const { from, to } = STEPS[step]
  if (!from.includes(status)) throw conflict(id, `is ${status}: it can become ${to} only from ${oneOf(from)}.`)
  return to
}

const oneOf = (names: readonly string[]) => names.join(' or ')

/** What else has to be so for a campaign to start, now or (`schedule`) at its time. @throws CONFLICT that says what is missing. */
export function checkStart(step: Step, id: string, standing: Standing, rules: { approval: boolean }): void {
  const { status, begun, over, startsAt, endsAt, approvedBy } = standing
  if (over) throw conflict(id, `is ${status} and cannot start any more: it ended at ${endsAt}.`)
  if (step === 'launch' && !begun)
    throw conflict(id, `is ${status} and cannot be RUNNING before ${startsAt}: schedule it.`)
  if (rules.approval && approvedBy === null)
    throw conflict(id, `is ${status} and not approved: somebody who did not write it has to approve it first.`)
}

/** @throws CONFLICT for a campaign that is over, FORBIDDEN for who wrote what is to be approved. */
export function checkApproval(id: string, standing: Standing, by: string, rules: { approval: boolean }): void {
  const { status, author, changedBy } = standing
  if (status === COMPLETED) throw conflict(id, `is ${COMPLETED}: there is nothing left to approve.`)
  if (rules.approval && (by === author || by === changedBy))
    throw new DomainError(
      'FORBIDDEN',
      `Campaign ${JSON.stringify(id)} was written by you: somebody else has to approve it.`,
    )
}

export const notBuilt = (id: string, { status }: Pick<Standing, 'status'>) =>
  conflict(id, `is ${status} and its audience is not built as it is now: call buildAudience first.`)
