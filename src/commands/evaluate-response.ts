import { type Judged, type ResponseScores, scoreResponse } from '../evaluation/response.ts'
import type { Graph } from '../graph/query.ts'
import { readHistories } from '../modules/audience/histories.ts'
import { learnResponse } from '../modules/audience/learn.ts'
import { type History, scoreOf } from '../modules/audience/response.ts'

const DAY_MS = 86_400_000
const ALL = 1_000_000
/** Long enough that nothing fades. */
const NEVER = 1e9
const RECENT_DAYS = 90

/**
 * Who responds to the campaigns that start from a day on: learned from those that ended before it, by the code that serves, each
 * recipient as of the campaign's start. The graph holds all there is; beside it the formulas a person would write.
 */
export async function evaluateResponse(
  graph: Graph,
  from: Date,
  say: (doing: string, share: number) => void,
): Promise<{ model: object; rows: ResponseScores[] }> {
  const model = await learnResponse(graph, from)
  const { halfLifeDays } = model
  const all = await graph.query('audience/campaigns', {
    until: new Date('2100-01-01'),
    campaigns: ALL,
    recipients: ALL,
  })
  const tested = all.filter(({ startsAt }) => Date.parse(startsAt) >= from.getTime())
  const judged: Record<string, Judged[][]> = {}
  for (const [at, { campaignId, startsAt, customerIds, responderIds }] of tested.entries()) {
    const start = new Date(startsAt)
    const moment = { campaignId, before: start, asOf: start }
    const lately = new Date(start.getTime() - RECENT_DAYS * DAY_MS)
    const ours = await readHistories(graph, { ...moment, halfLifeDays }, customerIds)
    const recent = await readHistories(graph, { ...moment, halfLifeDays: NEVER, since: lately }, customerIds)
    const ever = await readHistories(graph, { ...moment, halfLifeDays: NEVER, since: new Date(0) }, customerIds)
    const responders = new Set(responderIds)
    const judge = (name: string, score: (at: number) => number) => {
      judged[name] ??= []
      judged[name].push(ours.map(({ customerId }, n) => ({ score: score(n), responded: responders.has(customerId) })))
    }
    const ln = (rows: History[], of: 'couponLines' | 'redemptions' | 'promotedProducts') => (n: number) =>
      Math.log1p(rows[n]![of])
    const [coupons, redemptions, products] = [
      ln(recent, 'couponLines'),
      ln(ever, 'redemptions'),
      ln(ever, 'promotedProducts'),
    ]
    judge('Alongside', (n) => scoreOf(model, ours[n]!))
    judge('the formula', (n) => coupons(n) + redemptions(n) + products(n) / 2)
    judge('coupons used in 90 days', coupons)
    judge('past redemptions', redemptions)
    say('campaigns', (at + 1) / tested.length)
  }
  const rows = Object.entries(judged).map(([name, campaigns]) => scoreResponse(name, campaigns))
  return { model, rows: rows.filter((row) => row !== null) }
}
