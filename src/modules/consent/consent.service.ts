import { notFound } from '../../errors.ts'
import type { Channel, Purpose } from '../../generated/enums.ts'
import type { Graph, Transaction } from '../../graph/query.ts'
import { checkId, checkText } from '../../input.ts'
import type { Consent } from './consent.type.ts'

export type ConsentGiven = { customerId: string; channel: Channel; purpose: Purpose; granted: boolean; source: string }
export type ConsentService = ReturnType<typeof createConsentService>

export type Allowed = {
  channel: Channel
  consent: boolean
  suppressed: boolean
  contact: boolean
  cappedUntil: string | null
  quietUntil: string | null
}

const MAX_SOURCE = 500

export function createConsentService({ graph, changed }: { graph: Graph; changed: (customerId: string) => void }) {
  return {
    async allowed(
      customerIds: string[],
      channels: Channel[],
      tx: Transaction = graph,
    ): Promise<Map<string, Allowed[]>> {
      const all = new Map<string, Allowed[]>(customerIds.map((id) => [id, []]))
      for (const { customerId, ...row } of await tx.query('consent/allowed', { customerIds, channels }))
        all.get(customerId)!.push({ ...row, channel: row.channel as Channel, cappedUntil: null, quietUntil: null })
      return all
    },

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
  }
}
