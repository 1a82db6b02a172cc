import type { Graph } from '../../graph/query.ts'
import { readHistories } from './histories.ts'
import { fitResponse, type Past, type ResponseModel, UNLEARNED } from './response.ts'

/** The latest campaigns are learned from, of each so many recipients at most. */
const CAMPAIGNS = 100
const RECIPIENTS = 5_000
const TIMEOUT_MS = 600_000

/** Learns who responds from campaigns that ended before an instant, each as its recipients were when it started. */
export async function learnResponse(graph: Graph, until: Date): Promise<ResponseModel> {
  const found = await graph.query(
    'audience/campaigns',
    { until, campaigns: CAMPAIGNS, recipients: RECIPIENTS },
    { timeoutMs: TIMEOUT_MS },
  )
  const { halfLifeDays } = UNLEARNED
  const past: Past[] = []
  for (const { campaignId, startsAt, customerIds, responderIds } of found) {
    const start = new Date(startsAt)
    const moment = { campaignId, before: start, asOf: start, halfLifeDays }
    const histories = await readHistories(graph, moment, customerIds, { timeoutMs: TIMEOUT_MS })
    const responders = new Set(responderIds)
    past.push({ histories, responded: histories.map(({ customerId }) => responders.has(customerId)) })
  }
  return fitResponse(past)
}
