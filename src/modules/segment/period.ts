import type { Period } from './condition.ts'

const DAY_MS = 86_400_000
/** The first and the last year of a date in JSON. */
const EVER = { from: new Date('0000-01-01T00:00:00Z'), to: new Date('9999-12-31T23:59:59.999Z') }

/** Where the last `days` days begin; the last of them is that of `asOf`, which is a midnight. */
export const daysUntil = (asOf: Date, days: number): Date => new Date(asOf.getTime() - (days - 1) * DAY_MS)

/** From the first instant on, before the other. */
export function rangeOf(period: Period | undefined, asOf: Date): { from: Date; to: Date } {
  const { lastDays, endingDaysAgo = 0, from, to } = period ?? {}
  if (lastDays === undefined) return { from: from ? new Date(from) : EVER.from, to: to ? new Date(to) : EVER.to }
  const last = new Date(asOf.getTime() - endingDaysAgo * DAY_MS)
  return { from: daysUntil(last, lastDays), to: new Date(last.getTime() + DAY_MS) }
}

export const dayOf = (instant: string | Date): Date =>
  new Date(Math.floor(new Date(instant).getTime() / DAY_MS) * DAY_MS)
