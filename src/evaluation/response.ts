import { seeded } from '../random.ts'
import { type Interval, quantile, RESAMPLES } from './metrics.ts'

/** A recipient of a campaign: what was expected of them, and what they did. */
export type Judged = { score: number; responded: boolean }

/** Over campaigns with enough responders: how often a responder is ranked above another recipient of the same campaign. */
export type ResponseScores = {
  name: string
  campaigns: number
  recipients: number
  responders: number
  /** The mean of the campaigns' own, 0 to 1; 0.5 is chance. */
  auc: number
  aucInterval: Interval
}

/** Of fewer an AUC says little. */
export const MIN_RESPONDERS = 5

/** Campaigns with fewer responders, or with nobody else, are left out. Null where none is left. */
export function scoreResponse(name: string, campaigns: readonly (readonly Judged[])[]): ResponseScores | null {
  const sides = campaigns
    .map((recipients) => {
      const scores = (wanted: boolean) =>
        Float64Array.from(
          recipients.filter(({ responded }) => responded === wanted),
          ({ score }) => score,
        )
      return { responders: scores(true).sort(), others: scores(false).sort() }
    })
    .filter(({ responders, others }) => responders.length >= MIN_RESPONDERS && others.length > 0)
  if (sides.length === 0) return null
  const mean = (aucs: number[]) => aucs.reduce((sum, one) => sum + one, 0) / aucs.length
  const random = seeded(7)
  const again = (values: Float64Array) => values.map(() => values[Math.floor(random() * values.length)]!).sort()
  const resampled = Float64Array.from({ length: RESAMPLES }, () =>
    mean(sides.map(({ responders, others }) => auc(again(responders), again(others)))),
  ).sort()
  const count = (of: (side: (typeof sides)[number]) => number) => sides.reduce((sum, side) => sum + of(side), 0)
  return {
    name,
    campaigns: sides.length,
    recipients: count(({ responders, others }) => responders.length + others.length),
    responders: count(({ responders }) => responders.length),
    auc: mean(sides.map(({ responders, others }) => auc(responders, others))),
    aucInterval: [quantile(resampled, 0.025), quantile(resampled, 0.975)],
  }
}

/** Of all pairs of a higher and a lower one, those in that order, a tie counting half. Both ascending. */
export function auc(higher: Float64Array, lower: Float64Array): number {
  let [below, upTo, won] = [0, 0, 0]
  for (const score of higher) {
    while (below < lower.length && lower[below]! < score) below++
    while (upTo < lower.length && lower[upTo]! <= score) upTo++
    won += (below + upTo) / 2
  }
  return won / (higher.length * lower.length)
}
