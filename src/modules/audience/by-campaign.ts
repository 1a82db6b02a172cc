import { notFound } from '../../errors.ts'
import type { Language } from '../../generated/enums.ts'
import type { Graph } from '../../graph/query.ts'
import type { ModelService } from '../model/model.service.ts'
import type { SegmentService } from '../segment/segment.service.ts'
import type { Audience } from './audience.type.ts'
import { toEvidence } from './evidence.ts'
import { readHistories } from './histories.ts'
import { inBatches } from './in-batches.ts'
import { type History, type ResponseModel, scoreOf, UNLEARNED } from './response.ts'
import { textsIn } from './texts.ts'

type Parts = { graph: Graph; models: Pick<ModelService, 'serving'>; segments: Pick<SegmentService, 'members'> }

const PAGE = 10_000
/** Customers whose paths are read by one statement. */
const PATHS = 250

/**
 * Whom a campaign aims at, by how likely they respond: its segment, or, where it has none, who was sent it or responded. Each is seen
 * as of the campaign's start; before it has started, as of now, ages measured from the model's asOf.
 */
export const createByCampaign =
  ({ graph, models, segments }: Parts) =>
  async (asked: { campaignId: string; first: number; language: Language }, signal: AbortSignal): Promise<Audience> => {
    const { campaignId, first, language } = asked
    const campaign = await graph.query('audience/campaign', { campaignId }, { signal })
    if (!campaign) throw notFound('Campaign', campaignId)
    const { metrics, asOf } = await models.serving(null, signal)
    // Versions that were trained before this was learned have nothing of it.
    const model = (metrics as { response?: ResponseModel }).response ?? UNLEARNED
    const before = new Date(campaign.startsAt)
    const moment = {
      campaignId,
      before,
      asOf: new Date(Math.min(before.getTime(), Date.parse(asOf))),
      halfLifeDays: model.halfLifeDays,
    }
    const { segmentId } = campaign
    const customerIds =
      segmentId !== null
        ? await allMembers(segments, segmentId)
        : (await graph.query('audience/recipients', { campaignId }, { signal })).map(({ customerId }) => customerId)
    const histories = await readHistories(graph, moment, customerIds, { signal })
    const ranked = histories
      .map((history) => ({ history, score: scoreOf(model, history) }))
      .sort((a, b) => b.score - a.score || (a.history.customerId < b.history.customerId ? -1 : 1))
    const say = textsIn(language)
    const readPaths = inBatches(PATHS, async (customerIds) => {
      const rows = await graph.query(
        'audience/paths',
        { campaignId, customerIds: [...customerIds], before },
        { signal },
      )
      const byId = new Map(rows.map((row) => [row.customerId, row]))
      return customerIds.map((id) => byId.get(id) ?? null)
    })
    const about = { id: campaignId, name: campaign.name }
    const pathsOf = async (history: History) =>
      toEvidence(model, history, await readPaths(history.customerId), about, say)
    return {
      total: ranked.length,
      members: ranked.slice(0, first).map(({ history, score }) => ({
        customerId: history.customerId,
        score,
        paths: () => pathsOf(history),
      })),
      note: ranked.length === 0 ? say.nobody : model.campaigns === 0 ? say.unlearned : null,
    }
  }

async function allMembers(segments: Parts['segments'], segmentId: string): Promise<string[]> {
  const all: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await segments.members(segmentId, { ...(after === undefined ? {} : { after }), first: PAGE })
    all.push(...page)
    if (page.length < PAGE) return all
    after = page.at(-1)!
  }
}
