import type { Row } from '../../graph/query.ts'
import type { Suppression } from '../consent/consent.type.ts'
import type { CustomerContacts } from '../customer/customer.service.ts'
import type { Offer } from '../recommendation/recommendation.type.ts'

export type Found = {
  customer: Row<'privacy/customer'>
  contacts: CustomerContacts
  orders: Row<'privacy/orders'>[]
  views: Row<'privacy/views'>[]
  interactions: Row<'privacy/interactions'>[]
  consents: Row<'privacy/consents'>[]
  suppressions: Suppression[]
  decisions: Row<'privacy/decisions'>[]
}
type Piece = { source: string; data: unknown }

const LOADED = 'the files that were loaded'
const readable = (value: unknown) => (value instanceof Error ? { problem: value.message } : value)

/** Of all there is about one customer, each piece with where it came from. */
export function exported(customerId: string, found: Found, offersOf: (packed: string) => Offer[]): object {
  const { attributes, groups, purchases, similarCustomers, offers } = found.customer
  const { origin, objectsToProfiling, ...described } = attributes
  const contacts = Object.entries(found.contacts).map(([field, value]) => [field, readable(value)])
  const pieces: Record<string, Piece> = {
    attributes: { source: `upsertCustomers${origin === 'IMPORT' ? ` and ${LOADED}` : ''}`, data: described },
    contactDetails: { source: 'upsertCustomers', data: Object.fromEntries(contacts) },
    orders: {
      source: `recordOrders, Kafka's orders, or ${LOADED} (origin IMPORT)`,
      data: found.orders.map(({ order, lines }) => ({ ...order, lines })),
    },
    views: { source: "recordViews or Kafka's views", data: found.views },
    interactions: {
      source: `recordInteractions, Kafka's interactions, what was handed over to campaign tools, or ${LOADED} (origin IMPORT)`,
      data: found.interactions,
    },
    consents: {
      source: 'setConsent, and what was withdrawn by an interaction, as each says in `source`',
      data: found.consents.map(({ consent }) => consent),
    },
    suppressions: {
      source: 'suppress, and bounces and complaints, as each says in `reason`',
      data: found.suppressions,
    },
    decisions: {
      source: 'buildAudience of each campaign',
      data: found.decisions.map(({ decision, campaignId, offers: packed, inputs }) => ({
        ...decision,
        campaignId,
        inputs,
        offers: packed === null ? [] : offersOf(packed).map(toOffer),
      })),
    },
    purchases: { source: 'worked out from orders', data: purchases },
    groups: { source: 'worked out from attributes', data: groups },
    objectsToProfiling: { source: 'worked out from consents', data: objectsToProfiling ?? false },
    keptOffers: { source: 'worked out by the recommender', data: offers },
    similarCustomers: {
      source: 'worked out by the recommender; how many, by model, and never who',
      data: similarCustomers,
    },
  }
  return { customerId, exportedAt: new Date().toISOString(), ...pieces }
}

const toOffer = ({ rank, score, productId, reason, evidence }: Offer) => ({
  rank,
  score,
  productId,
  reason,
  evidence: evidence.map(({ kind, contribution, reason }) => ({ kind, contribution, reason })),
})
