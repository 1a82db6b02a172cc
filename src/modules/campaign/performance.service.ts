import { compareText } from '../../batch.ts'
import { notFound } from '../../errors.ts'
import { CampaignStatus, type EvidenceKind, InteractionType } from '../../generated/enums.ts'
import type { Graph, Row } from '../../graph/query.ts'
import { checkId } from '../../input.ts'
import type { CampaignPerformance, FunnelStep, KindUplift, ModelUplift, Uplift } from './performance.type.ts'
import { type Arm, LEVEL, METHOD, neededPerArm, newcombe } from './statistics.ts'

export type PerformanceService = ReturnType<typeof createPerformanceService>
/** Which orders count as a campaign's: placed within so many days of its touch; of several campaigns the last alone, or every one. */
export type AttributionRules = { days: number; lastOnly: boolean }

/** Below that an interval says little: customers in an arm, and buyers in both. */
const LITTLE = { customers: 30, bought: 5 }
const NO_HOLDOUT = 'no holdout'
/** As a customer goes through them. */
const { SENT, DELIVERED, OPENED, CLICKED, REDEEMED, CONVERTED, UNSUBSCRIBED, BOUNCED, COMPLAINED } = InteractionType
const ORDER: readonly InteractionType[] = [
  ...[SENT, DELIVERED, OPENED, CLICKED, REDEEMED, CONVERTED],
  ...[UNSUBSCRIBED, BOUNCED, COMPLAINED],
]

export function createPerformanceService({ graph, rules }: { graph: Graph; rules: AttributionRules }) {
  return {
    /** What a campaign did, as of now. @throws NOT_FOUND. */
    async performance(campaignId: string, signal?: AbortSignal): Promise<CampaignPerformance> {
      checkId('campaignId', campaignId)
      const id = campaignId
      const campaign = await graph.query('campaign/measured', { id }, { signal })
      if (!campaign) throw notFound('Campaign', id)
      const now = new Date().toISOString()
      const until = [campaign.endsAt, campaign.completedAt].filter((at) => at !== null).sort()[0] ?? now
      const [arms, steps, told, orders] = await graph.read(
        (tx) =>
          Promise.all([
            // Of what has not begun nobody is known to have bought: who is in which arm is counted all the same.
            tx.query('campaign/arms', { id, since: campaign.launchedAt ?? until, until }),
            tx.query('campaign/funnel', { id }),
            tx.query('campaign/converted', { id }),
            tx.query('campaign/attributed', { id, ...rules }),
          ]),
        { signal },
      )
      const preliminary = campaign.status !== CampaignStatus.COMPLETED
      const isStarted = campaign.launchedAt !== null || !preliminary
      const all = compared(arms)
      const { uplift, note } = isStarted ? measured(all, preliminary) : NOT_STARTED
      return {
        campaignId,
        treated: campaign.decided ? all.treated.customers : campaign.sent,
        holdout: all.holdout.customers,
        funnel: funnelOf(steps, [...told, ...orders]),
        revenue: rounded(orders.reduce((sum, { revenue }) => sum + revenue, 0)),
        uplift,
        upliftByKind: uplift ? byKind(arms, preliminary) : [],
        upliftByModel: uplift ? byModel(arms, preliminary) : [],
        note,
      }
    },
  }
}

/** What was spent is written so: sums of the same floats differ in the last digits. */
const rounded = (money: number) => Math.round(money * 1e6) / 1e6

type ArmRow = Row<'campaign/arms'>
type Compared = { treated: Arm; holdout: Arm }
type Measured = { uplift: Uplift | null; note: string | null }

const NOT_STARTED: Measured = { uplift: null, note: 'not started' }

function compared(rows: readonly ArmRow[]): Compared {
  const armOf = (arm: string) => {
    const those = rows.filter((row) => row.arm === arm)
    const sum = (of: (row: ArmRow) => number) => those.reduce((total, row) => total + of(row), 0)
    return { customers: sum(({ customers }) => customers), bought: sum(({ bought }) => bought) }
  }
  return { treated: armOf('TREATMENT'), holdout: armOf('HOLDOUT') }
}

/** By intention to treat: everyone counts in the arm they were assigned to. */
function measured({ treated, holdout }: Compared, preliminary: boolean): Measured {
  if (holdout.customers === 0) return { uplift: null, note: NO_HOLDOUT }
  if (treated.customers === 0) return { uplift: null, note: 'nobody treated' }
  const interval = newcombe(treated, holdout)
  const uplift = {
    ...interval,
    level: LEVEL,
    method: METHOD,
    neededPerArm: neededPerArm(treated, holdout, interval),
    preliminary,
  }
  const few = Math.min(treated.customers, holdout.customers) < LITTLE.customers
  const little = few || treated.bought + holdout.bought < LITTLE.bought
  const counted = `${treated.bought} of ${treated.customers} treated and ${holdout.bought} of ${holdout.customers} held out bought`
  return { uplift, note: little ? `too little data: ${counted}` : null }
}

function groups(rows: readonly ArmRow[], of: (row: ArmRow) => string | null): [string, ArmRow[]][] {
  const found = new Map<string, ArmRow[]>()
  for (const row of rows) {
    const key = of(row)
    if (key !== null) found.set(key, [...(found.get(key) ?? []), row])
  }
  return [...found].sort(([a], [b]) => compareText(a, b))
}

const byKind = (rows: readonly ArmRow[], preliminary: boolean): KindUplift[] =>
  groups(rows, ({ kind }) => kind).map(([kind, those]) => ({
    kind: kind as EvidenceKind,
    ...measured(compared(those), preliminary),
  }))

const byModel = (rows: readonly ArmRow[], preliminary: boolean): ModelUplift[] =>
  groups(rows, ({ model }) => model).map(([modelId, those]) => {
    const both = compared(those)
    return { modelId, treated: both.treated.customers, uplift: measured(both, preliminary).uplift }
  })

/** In the order of the types, by channel; who converted by either account counts once. */
function funnelOf(
  steps: readonly Row<'campaign/funnel'>[],
  converted: readonly Pick<Row<'campaign/attributed'>, 'customer' | 'channel'>[],
): FunnelStep[] {
  const customersBy = new Map<string | null, Set<string>>()
  for (const { channel, customer } of converted)
    customersBy.set(channel, (customersBy.get(channel) ?? new Set()).add(customer))
  const all = [
    ...steps.filter(({ type }) => type !== CONVERTED),
    ...[...customersBy].map(([channel, { size }]) => ({ type: CONVERTED, channel, customers: size })),
  ] as FunnelStep[]
  return all.sort(
    (a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type) || compareText(a.channel ?? '', b.channel ?? ''),
  )
}
