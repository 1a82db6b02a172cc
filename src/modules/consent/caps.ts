import type { Channel } from '../../generated/enums.ts'

/** At most `max` messages to a customer in `days` times 24 hours; of one channel, or of all together. */
export type Cap = { max: number; days: number; channel?: Channel | null | undefined }
/** Something that went out to a customer, or is about to. Its channel is not always known. */
export type Message = { channel: string | null; at: string }

const DAY = 86_400_000

/** What has gone out since then may count. */
export const sinceOf = (caps: readonly Cap[], now: Date): Date =>
  new Date(now.getTime() - Math.max(...caps.map(({ days }) => days)) * DAY)

const covers = (strict: Cap, cap: Cap) =>
  strict.max <= cap.max && strict.days >= cap.days && (strict.channel == null || strict.channel === cap.channel)

/** Without those that hold nobody back whom another does not hold back for as long. */
export const strictest = (caps: readonly Cap[]): Cap[] =>
  caps.filter((cap, n) => !caps.some((one, m) => m !== n && covers(one, cap) && (m < n || !covers(cap, one))))

/** Until when a channel is closed to a customer by the strictest of these caps; null when it is open. */
export function cappedUntil(
  messages: readonly Message[],
  caps: readonly Cap[],
  channel: Channel,
  now: Date,
): string | null {
  const ends = caps
    .filter((cap) => (cap.channel ?? channel) === channel)
    .flatMap((cap) => {
      const counted = messages
        .filter((message) => cap.channel == null || message.channel === channel)
        .map(({ at }) => Date.parse(at))
        .sort((a, b) => b - a)
      const oldest = counted[cap.max - 1]
      return oldest === undefined ? [] : [oldest + cap.days * DAY]
    })
  const end = Math.max(...ends)
  return end > now.getTime() ? new Date(end).toISOString() : null
}
