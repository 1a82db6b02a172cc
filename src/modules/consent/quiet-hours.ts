/** Minutes since midnight of the wall clock: quiet from `from` until just before `to`, over midnight where `to` is the smaller. */
export type QuietHours = { readonly from: number; readonly to: number }

const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 1_440 * MINUTE
const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const numeric = 'numeric'
  const parts = {
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  } as const
  const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat('en', { timeZone, hourCycle: 'h23', ...parts })
  clocks.set(timeZone, clock)
  return clock
}

/** What the wall clock shows, as if it were UTC. @throws RangeError when the zone is not known. */
function wallClock(at: number, timeZone: string): number {
  const shown = new Map(
    clockOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes) => shown.get(name)!
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
}

/**
 * The first second that lies in no quiet hours any more, by the wall clock of a zone; null when `now` lies in none. Where the clock is put on over their
 * end, they end as it is put on; where it is put back, both hours of the same name count.
 * @throws RangeError when the zone is not known.
 */
export function quietUntil(now: Date, timeZone: string, { from, to }: QuietHours): Date | null {
  const isQuiet = (at: number) => {
    const minute = Math.floor((wallClock(at, timeZone) % DAY) / MINUTE)
    return from < to ? from <= minute && minute < to : minute >= from || minute < to
  }
  const start = Math.floor(now.getTime() / SECOND) * SECOND
  let at = start
  while (isQuiet(at)) at = nextStop(at, timeZone, to)
  return at === start ? null : new Date(at)
}

/** The next moment at which the wall clock shows `to`, or has just been changed. */
function nextStop(at: number, timeZone: string, to: number): number {
  const offsetAt = (time: number) => wallClock(time, timeZone) - time
  const offset = offsetAt(at)
  const sinceMidnight = (at + offset) % DAY
  const left = to * MINUTE - sinceMidnight
  let after = at + (left > 0 ? left : left + DAY)
  if (offsetAt(after) === offset) return after
  let before = at
  while (after - before > SECOND) {
    const middle = before + Math.floor((after - before) / 2 / SECOND) * SECOND
    if (offsetAt(middle) === offset) before = middle
    else after = middle
  }
  return after
}
