import { createHash } from 'node:crypto'
import { sortedIds } from '../../batch.ts'
import { DomainError } from '../../errors.ts'
import { Arm, CampaignStatus, type Channel, DecisionReason } from '../../generated/enums.ts'
import type { Graph, Params, Transaction } from '../../graph/query.ts'
import type { ConsentService } from '../consent/consent.service.ts'
import type { ModelService, ModelVersion } from '../model/model.service.ts'
import type { ProposalService } from '../recommendation/proposal.service.ts'
import type { SegmentService } from '../segment/segment.service.ts'
import { type Cap, decide, type Inputs } from './decide.ts'
import { decisionId, oneOf } from './hash.ts'
import { type Campaign, type HouseRules, type Reach, reachOf, toInputs } from './inputs.ts'

export type Parts = {
  graph: Graph
  segments: Pick<SegmentService, 'members' | 'count'>
  consent: Pick<ConsentService, 'allowed'>
  models: Pick<ModelService, 'serving'>
  proposals: ProposalService
  house: HouseRules
  now: () => Date
}
type Watch = { stopping: AbortSignal; onProgress: (done: { decided: number; total: number }) => void }
export type Counts = { treatment: number; holdout: number; excluded: number }

const PAGE = 1_000
/** Customers decided about in one transaction. While one is written the next is worked out. */
const BATCH = 250
/** Silent for longer, whoever builds is taken for gone. */
const LEASE_MS = 10_000
const RENEW_MS = 3_000
/** A write may wait for those of other campaigns about the same customers. */
const WRITE_MS = 120_000

type Worked = Reach & { customerId: string; model: ModelVersion; offers: string }

/** Decides about everybody in a campaign's segment whom nothing is decided about yet. @throws CONFLICT where another build does, UNAVAILABLE when told to stop. */
export async function build(parts: Parts, campaign: Campaign & { segmentId: string }, watch: Watch): Promise<Counts> {
  const { graph } = parts
  const holder = crypto.randomUUID()
  const mine = { campaignId: campaign.id, holder, leaseMs: LEASE_MS }
  const total = await parts.segments.count(campaign.segmentId)
  // What is no draft any more is decided about as it was: who is new is added.
  const revision = campaign.status === CampaignStatus.DRAFT ? revisionOf(campaign) : null
  const lease = (await graph.query('decision/lease', { ...mine, revision, total }))!
  if (!lease.mine)
    throw new DomainError('CONFLICT', `The audience of campaign ${JSON.stringify(campaign.id)} is being built.`)
  const renewing = setInterval(() => void graph.query('decision/hold', mine).catch(() => {}), RENEW_MS)
  let built = false
  try {
    const models = await modelsOf(parts, campaign, lease.model)
    if (lease.forgets) await forget(graph, campaign.id)
    await graph.query('decision/begin', { campaignId: campaign.id, model: models[0]!.id })
    const run = createRun(parts, campaign, models, mine)
    let decided = 0
    for await (const batch of ahead(run.batches())) {
      watch.stopping.throwIfAborted()
      await run.write(batch.worked)
      decided += batch.worked.length
      watch.onProgress({ decided, total })
    }
    for (let full = campaign.budget === null; !full; ) {
      watch.stopping.throwIfAborted()
      full = await run.settle(campaign.budget!)
    }
    built = true
  } finally {
    clearInterval(renewing)
    if (!built) await release(graph, campaign.id, holder, false).catch(() => {})
  }
  return release(graph, campaign.id, holder, true)
}

async function release(graph: Graph, campaignId: string, holder: string, built: boolean): Promise<Counts> {
  const counts = await graph.query('decision/release', { campaignId, holder, built })
  if (!counts) throw takenOver(campaignId)
  return counts
}

const takenOver = (campaignId: string) =>
  new DomainError('CONFLICT', `Another build of campaign ${JSON.stringify(campaignId)} has taken over.`)

/** What is decided rests on this. */
export function revisionOf({ status: _, sold: __, ...says }: Campaign): string {
  return createHash('sha256').update(JSON.stringify(says)).digest('base64url')
}

/** Those the campaign names, or the active one; an interrupted build goes on with its own as long as that can answer. */
async function modelsOf({ models }: Parts, { modelIds }: Campaign, begun: string | null): Promise<ModelVersion[]> {
  if (modelIds.length > 0) return Promise.all(modelIds.map((id) => models.serving(id)))
  if (begun === null) return [await models.serving(null)]
  return [await models.serving(begun).catch(() => models.serving(null))]
}

async function forget(graph: Graph, campaignId: string): Promise<void> {
  const limit = 10 * BATCH
  for (let deleted = limit; deleted === limit; )
    deleted = (await graph.query('decision/forget', { campaignId, limit }, { timeoutMs: WRITE_MS }))!.deleted
}

/** One ahead: the next is begun when the one before it is handed out. */
async function* ahead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const all = source[Symbol.asyncIterator]()
  const begin = () => {
    const next = all.next()
    // Whoever stops listening does not wait for it.
    next.catch(() => {})
    return next
  }
  for (let next = begin(); ; ) {
    const { done, value } = await next
    if (done) return
    next = begin()
    yield value
  }
}

type Mine = { campaignId: string; holder: string; leaseMs: number }

function createRun(parts: Parts, campaign: Campaign & { segmentId: string }, models: ModelVersion[], mine: Mine) {
  const { graph, segments, consent, proposals, house, now } = parts
  const about = {
    campaignId: campaign.id,
    priority: campaign.priority,
    startsAt: campaign.startsAt,
    endsAt: campaign.endsAt,
  }
  const idOf = (customerId: string) => decisionId(campaign.id, customerId)
  const undecided = async (tx: Transaction, customerIds: readonly string[]) => {
    const ids = customerIds.map((customerId) => ({ id: idOf(customerId), customerId }))
    return (await tx.query('decision/undecided', { ids })).map(({ customerId }) => customerId)
  }

  async function workOut(customerIds: string[]): Promise<Worked[]> {
    const worked: Worked[] = []
    for (const model of new Set(models)) {
      const those = customerIds.filter((id) => oneOf(models, campaign.id, id) === model)
      if (those.length === 0) continue
      for (const proposal of await proposals.propose({ model, productIds: campaign.sold, customerIds: those })) {
        const { customerId, offers } = proposal
        worked.push({ ...reachOf(campaign, proposal), customerId, model, offers })
      }
    }
    return worked
  }

  /** Nothing of these customers changes any more until this transaction is over. */
  async function standings(tx: Transaction, customerIds: string[], at: Date) {
    await tx.query('decision/lock', { customerIds })
    const found = await tx.query('decision/standing', { ...about, customerIds })
    const allowed = await consent.allowed(customerIds, campaign.channels as Channel[], tx, campaign.cap as Cap | null)
    const byId = new Map(found.map((standing) => [standing.customerId, standing]))
    return {
      has: (customerId: string) => byId.has(customerId),
      inputsOf: (customerId: string, reach: Pick<Inputs, 'candidates'> & Pick<Inputs['rules'], 'budget'>) =>
        toInputs(campaign, house, byId.get(customerId)!, allowed.get(customerId)!, { ...reach, at: at.toISOString() }),
    }
  }

  const writing = <T>(work: (tx: Transaction, treated: number) => Promise<T>): Promise<T> =>
    graph.transaction(
      async (tx) => {
        const held = await tx.query('decision/hold', mine)
        if (!held) throw takenOver(campaign.id)
        return work(tx, held.treatment)
      },
      { timeoutMs: WRITE_MS },
    )

  return {
    /** Whom nothing is decided about, with what could be offered to them. */
    async *batches(): AsyncGenerator<{ worked: Worked[] }> {
      let after: string | undefined
      for (;;) {
        const members = await segments.members(campaign.segmentId, { ...(after ? { after } : {}), first: PAGE })
        const open = await undecided(graph, members)
        for (let from = 0; from < open.length; from += BATCH)
          yield { worked: await workOut(sortedIds(open.slice(from, from + BATCH))) }
        if (members.length < PAGE) return
        after = members.at(-1)
      }
    },

    write: (worked: readonly Worked[]): Promise<void> =>
      writing(async (tx) => {
        const at = now()
        const ids = new Set(
          await undecided(
            tx,
            worked.map(({ customerId }) => customerId),
          ),
        )
        const { has, inputsOf } = await standings(tx, sortedIds(ids), at)
        const open = worked.filter(({ customerId }) => has(customerId))
        // Where there is a budget all wait for it: who gets how much of it is known when everybody's score is.
        const budget = campaign.budget === null ? null : { limit: campaign.budget, ahead: campaign.budget }
        const decisions = open.map(({ customerId, model, score, kind, offers, candidates }) => {
          const inputs = inputsOf(customerId, { candidates, budget })
          const decided = decide(inputs)
          const waits = decided.reasons.includes(DecisionReason.BUDGET)
          const told = waits || decided.arm !== Arm.EXCLUDED ? { score, kind, offers } : {}
          const by = { model: model.id, asOf: model.asOf, at, inputs }
          return { id: idOf(customerId), customerId, ...decided, ...told, ...by, ...(waits ? { waits } : {}) }
        })
        await tx.query('decision/write', { campaignId: campaign.id, ...countsOf(decisions), decisions })
      }),

    /** Decides about the best of those who wait for the budget. Whether it is used up, or nobody waits any more. */
    settle: (limit: number): Promise<boolean> =>
      writing(async (tx, treated) => {
        if (treated >= limit) return true
        const waiting = await tx.query('decision/waiting', { campaignId: campaign.id, first: BATCH })
        if (waiting.length === 0) return true
        const at = now()
        const { inputsOf } = await standings(tx, sortedIds(waiting.map(({ customerId }) => customerId)), at)
        const decisions: Params<'decision/settle'>['decisions'] = []
        let ahead = treated
        for (const { id, customerId, inputs: before } of waiting) {
          if (ahead >= limit) break
          const { candidates } = before as Inputs
          const inputs = inputsOf(customerId, { candidates, budget: { limit, ahead } })
          const decided = decide(inputs)
          if (decided.arm === Arm.TREATMENT) ahead++
          decisions.push({ id, ...decided, at, inputs })
        }
        const { excluded: _, ...counts } = countsOf(decisions)
        await tx.query('decision/settle', { campaignId: campaign.id, ...counts, decisions })
        return ahead >= limit
      }),
  }
}

function countsOf(decisions: readonly { arm: string }[]): Counts {
  const of = (arm: Arm) => decisions.filter((one) => one.arm === arm).length
  return { treatment: of(Arm.TREATMENT), holdout: of(Arm.HOLDOUT), excluded: of(Arm.EXCLUDED) }
}
