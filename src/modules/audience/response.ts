import { fitLogistic } from '../../engine/logistic.ts'
import type { Row } from '../../graph/query.ts'

/** What a customer had done as of a campaign's start. */
export type History = Row<'audience/history'>

/**
 * What a response is expected from: each term's value times its weight is its part of the score. `prior` is its weight as long as
 * nothing is known better: ln(1 + coupons used) + ln(1 + redemptions) + ln(1 + purchases of what the campaign promotes) / 2.
 */
export const TERMS = [
  { name: 'couponLines', prior: 1, value: ({ couponLines }) => Math.log1p(couponLines) },
  { name: 'couponShare', prior: 0, value: ({ orders, couponOrders }) => couponOrders / (orders + FEW_ORDERS) },
  { name: 'redemptions', prior: 1, value: ({ redemptions }) => Math.log1p(redemptions) },
  { name: 'promoted', prior: 0.5, value: ({ promoted }) => Math.log1p(promoted) },
  { name: 'promotedWithCoupon', prior: 0, value: ({ promotedWithCoupon }) => Math.log1p(promotedWithCoupon) },
] as const satisfies readonly { name: string; prior: number; value: (history: History) => number }[]

export type Term = (typeof TERMS)[number]['name']

/** A share of few orders says little. */
const FEW_ORDERS = 3
/** What was done so many days before counts half. */
const HALF_LIFE_DAYS = 180
/** What draws the weights to their priors. Chosen with the half-life and the terms, on campaigns that ended before 2017-09-01. */
const RIDGE = 10

/** Kept with the model, in `metrics`. */
export type ResponseModel = {
  halfLifeDays: number
  weights: Record<Term, number>
  /** What it was learned from: campaigns with both, whom they were sent to, and who of these responded. */
  campaigns: number
  recipients: number
  responders: number
}

/** Of one campaign: its recipients, and whether each responded. */
export type Past = { histories: History[]; responded: boolean[] }

/** As long as nothing was learned. */
export const UNLEARNED: ResponseModel = fitResponse([])

/** Only what tells the recipients of one campaign apart is learned: a campaign that all or none responded to tells nothing. */
export function fitResponse(campaigns: readonly Past[]): ResponseModel {
  const telling = campaigns.filter(({ responded }) => responded.includes(true) && responded.includes(false))
  const recipients = telling.flatMap(({ histories }) => histories)
  const responded = telling.flatMap((one) => one.responded)
  const rows = {
    features: recipients.map((history) => Float64Array.from(TERMS, ({ value }) => value(history))),
    happened: Uint8Array.from(responded, Number),
    group: Int32Array.from(telling.flatMap(({ histories }, at) => histories.map(() => at))),
  }
  const priors = TERMS.map(({ prior }) => prior)
  const weights = fitLogistic(rows, priors, RIDGE)
  return {
    halfLifeDays: HALF_LIFE_DAYS,
    weights: Object.fromEntries(TERMS.map(({ name }, at) => [name, weights[at]!])) as Record<Term, number>,
    campaigns: telling.length,
    recipients: recipients.length,
    responders: responded.filter(Boolean).length,
  }
}

/** By term what it adds: all of the score. */
export const contributions = ({ weights }: ResponseModel, history: History) =>
  TERMS.map(({ name, value }) => ({ term: name, contribution: weights[name] * value(history) }))

export const scoreOf = (model: ResponseModel, history: History): number =>
  contributions(model, history).reduce((sum, { contribution }) => sum + contribution, 0)
