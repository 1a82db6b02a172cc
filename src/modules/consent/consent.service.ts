import { notFound } from '../../errors.ts'
import { Channel, type Purpose } from '../../generated/enums.ts'
import type { Graph, Row, Transaction } from '../../graph/query.ts'
import { checkFirst, checkId, checkText } from '../../input.ts'
import { type Cap, cappedUntil, sinceOf, strictest } from './caps.ts'
import type { Capped, Consent } from './consent.type.ts'
import { type QuietHours, quietUntil } from './quiet-hours.ts'
import type { SuppressionService } from './suppression.service.ts'

export type ConsentGiven = { customerId: string; channel: Channel; purpose: Purpose; granted: boolean; source: string }
export type Withdrawal = { customerId: string; channel?: Channel | null | undefined; source: string; at: Date }
export type ConsentService = ReturnType<typeof createConsentService>

/** What there is to be said for and against writing to a customer by a channel; instants are ISO 8601. */
export type Allowed = {
  channel: Channel
  /** Whether they agreed to marketing by it, and have not said otherwise since. */
  consent: boolean
  suppressed: boolean
  /** Whether they can be reached: an e-mail address for EMAIL, a phone number for SMS; the others need none. */
  contact: boolean
  cappedUntil: string | null
  /** Not WEB: who is shown something there has come by themselves. */
  quietUntil: string | null
}
export type ContactRules = { quietHours: QuietHours | undefined; timeZone: string; cap: Cap | undefined }
type Parts = {
  graph: Graph
  suppression: Pick<SuppressionService, 'among'>
  rules: ContactRules
  changed: (customerId: string) => void
  clock?: () => Date
}

const MAX_SOURCE = 500
const EVERYONE = 10_000_000

export function createConsentService({ graph, suppression, rules, changed, clock = () => new Date() }: Parts) {
  /** One a zone: many customers share it. */
  const quietNow = (now: Date) => {
    const ends = new Map<string, string | null>()
    return (zone: string | null): string | null => {
      if (!rules.quietHours) return null
      const timeZone = zone ?? rules.timeZone
      if (!ends.has(timeZone)) ends.set(timeZone, endOfQuiet(now, timeZone, rules.quietHours))
      return ends.get(timeZone)!
    }
  }
  function endOfQuiet(now: Date, timeZone: string, hours: QuietHours): string | null {
    try {
      return quietUntil(now, timeZone, hours)?.toISOString() ?? null
    } catch (error) {
      // A zone that a file brought and nobody knows is as none.
      if (error instanceof RangeError && timeZone !== rules.timeZone) return endOfQuiet(now, rules.timeZone, hours)
      throw error
    }
  }

  async function cappedBy(channel: Channel, first: number, signal?: AbortSignal) {
    const now = clock()
    const ofService = rules.cap && (rules.cap.channel ?? channel) === channel ? [rules.cap] : []
    const ofCampaigns = (await graph.query('consent/caps', { channel }, { signal })) as Cap[]
    const caps = strictest([...ofService, ...ofCampaigns])
    if (caps.length === 0) return []
    return graph.query('consent/capped', { caps, since: sinceOf(caps, now), now, first }, { signal })
  }

  return {
    /** Holds when it resolves. @throws NOT_FOUND for an unknown customer. */
    async set(given: ConsentGiven): Promise<Consent> {
      checkId('customerId', given.customerId)
      checkText('source', given.source, MAX_SOURCE)
      const id = crypto.randomUUID()
      const written = await graph.query('consent/write', { id, ...given })
      if (!written) throw notFound('Customer', given.customerId)
      changed(given.customerId)
      return { id, ...given, at: written.at }
    },

    /** Of customers who are known and locked; without a channel, from all. An event from the future counts as of now. */
    async withdraw(tx: Transaction, all: readonly Withdrawal[]): Promise<void> {
      const now = clock()
      const withdrawals = all.flatMap(({ customerId, channel, source, at }) =>
        (channel ? [channel] : Object.values(Channel)).map((channel) => ({
          ...{ id: crypto.randomUUID(), customerId, channel, source },
          at: new Date(Math.min(at.getTime(), now.getTime())),
        })),
      )
      if (withdrawals.length > 0) await tx.query('consent/withdraw', { withdrawals })
    },

    /** The newest first. @throws NOT_FOUND for an unknown customer. */
    async history(customerId: string, first: number, signal?: AbortSignal): Promise<Consent[]> {
      checkId('customerId', customerId)
      checkFirst('first', first)
      const found = await graph.query('consent/history', { customerId, first }, { signal })
      if (!found) throw notFound('Customer', customerId)
      return found.consents.map((one) => ({ ...one, customerId }) as Consent)
    },

    /**
     * For each customer every channel, in the order given. Who is not known has agreed to nothing. In a transaction that has
     * locked the customers, nothing that is committed meanwhile is missed. `cap`: a campaign's own, beside that of the service;
     * messages of the campaign `beside` don't count.
     */
    async allowed(
      customerIds: readonly string[],
      channels: readonly Channel[],
      tx: Transaction = graph,
      cap: Cap | null = null,
      beside: string | null = null,
    ): Promise<Map<string, Allowed[]>> {
      const now = clock()
      const caps = [rules.cap, cap].filter((one) => one != null)
      const since = caps.length > 0 ? sinceOf(caps, now) : null
      const rows = await tx.query('consent/allowed', { ids: [...customerIds], since, beside })
      const suppressed = await suppression.among(rows, tx)
      const quiet = quietNow(now)
      const byId = new Map(rows.map((row) => [row.id, row]))
      return new Map(
        customerIds.map((id) => {
          const row = byId.get(id)
          const closed = suppressed.get(id)
          const agreed = new Map(row?.consents.map(({ channel, granted }) => [channel, granted]))
          const zoned = quiet(row?.timeZone ?? null)
          const allowed = channels.map((channel) => ({
            channel,
            consent: agreed.get(channel) ?? false,
            suppressed: closed !== undefined && (closed.has(null) || closed.has(channel)),
            contact: row !== undefined && isReachable(row, channel),
            cappedUntil: cappedUntil(row?.messages ?? [], caps, channel, now),
            quietUntil: channel === Channel.WEB ? null : zoned,
          }))
          return [id, allowed]
        }),
      )
    },

    /** Who waits longest comes first. */
    async capped(channel: Channel, first: number, signal?: AbortSignal): Promise<Capped[]> {
      checkFirst('first', first)
      return (await cappedBy(channel, first, signal)).map((row) => ({ ...row, channel }))
    },

    /** To how many customers a cap closes at least one channel. */
    async cappedCustomers(): Promise<number> {
      const rows = await Promise.all(Object.values(Channel).map((channel) => cappedBy(channel, EVERYONE)))
      return new Set(rows.flat().map(({ customerId }) => customerId)).size
    },
  }
}

function isReachable(row: Row<'consent/allowed'>, channel: Channel): boolean {
  if (channel === Channel.EMAIL) return row.contactEmail !== null
  if (channel === Channel.SMS) return row.contactPhone !== null
  return true
}
