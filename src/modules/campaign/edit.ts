import { badInput, DomainError } from '../../errors.ts'
import { CampaignStatus } from '../../generated/enums.ts'
import type { Row } from '../../graph/query.ts'
import type { CampaignEdit } from './campaign.type.ts'
import type { Draft } from './draft.ts'
import type { Standing } from './lifecycle.ts'

const { DRAFT, SCHEDULED, RUNNING, PAUSED, COMPLETED } = CampaignStatus

export type Edit = Omit<CampaignEdit, 'at' | 'by'> & {
  /** Of the campaign from now on. */
  status: CampaignStatus
  /** Nothing but its name is another, or nothing at all. */
  renamed: boolean
}

/** What an edit of a campaign changes and what that affects. @throws CONFLICT, or BAD_USER_INPUT for what can't change any more. */
export function editOf(
  id: string,
  standing: Standing,
  before: Row<'campaign/says'>,
  draft: Draft,
  rules: { approval: boolean; now: Date },
): Edit {
  const status = standing.status as CampaignStatus
  if (status === COMPLETED)
    throw new DomainError('CONFLICT', `Campaign ${JSON.stringify(id)} is ${COMPLETED}: it can not change any more.`)
  const fields = changedFields(before, draft)
  const started = status === RUNNING || status === PAUSED
  if (started && fields.includes('startsAt'))
    throw badInput('startsAt', `startsAt can not change: the campaign is ${status}.`)
  if (started && new Date(draft.campaign.endsAt) <= rules.now)
    throw badInput('endsAt', 'endsAt must lie ahead: to end the campaign now, complete it.')
  const renamed = fields.every((field) => field === 'name')
  const approvalDropped = !renamed && standing.approvedBy !== null
  return {
    changes: fields.map((field) => ({ field, affects: affected(field, status, before.decided) })),
    statusBefore: status,
    approvalDropped,
    renamed,
    status: renamed ? status : statusAfterEdit(status, rules.approval),
  }
}

/** What is scheduled was built, approved and scheduled as something else; what runs without an approval waits for it. */
function statusAfterEdit(status: CampaignStatus, approval: boolean): CampaignStatus {
  if (status === SCHEDULED) return DRAFT
  return status === RUNNING && approval ? PAUSED : status
}

/** As the input calls them. */
function changedFields(before: Row<'campaign/says'>, draft: Draft): string[] {
  const [was, is] = [flat(before), flat(draft)]
  return Object.keys(is).filter((field) => was[field] !== is[field])
}

function flat({ campaign, segmentId, products, coupons }: Omit<Row<'campaign/says'>, 'decided'> | Draft) {
  const { startsAt, endsAt, capMax, capDays, capChannel, modelIds, ...others } = campaign
  const said: Record<string, unknown> = {
    ...others,
    segmentId,
    products,
    coupons,
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    modelIds: modelIds ?? null,
    frequencyCap: [capMax, capDays, capChannel],
  }
  return Object.fromEntries(Object.entries(said).map(([field, value]) => [field, JSON.stringify(value ?? null)]))
}

function affected(field: string, status: CampaignStatus, decided: number): string {
  if (field === 'name') return 'Nothing of what is decided or handed over.'
  if (status === DRAFT || status === SCHEDULED)
    return DRAFTED[field] ?? 'Everybody is decided about anew by the next buildAudience.'
  return (
    STARTED[field] ?? `Customers who are decided about from now on; what is decided about ${decided} stays as it is.`
  )
}

const DRAFTED: Readonly<Record<string, string>> = { webhookUrl: 'Decisions are handed over there.' }
const STARTED: Readonly<Record<string, string>> = {
  endsAt: 'Decisions are handed over until then.',
  webhookUrl: 'What is not handed over yet goes there.',
  frequencyCap: 'Held against what is not handed over yet.',
  channels: 'What is not handed over yet and was to go by a channel no longer named is withheld.',
}
