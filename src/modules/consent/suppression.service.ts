import { badInput, notFound } from '../../errors.ts'
import { type Channel, SuppressionOf } from '../../generated/enums.ts'
import type { Graph, Transaction } from '../../graph/query.ts'
import { checkFirst, checkId, checkText } from '../../input.ts'
import { heldIndexes, type IndexedField, type SealedContacts } from '../../pii/contacts.ts'
import type { Vault } from '../../pii/vault.ts'
import type { CustomerService } from '../customer/customer.service.ts'
import type { Suppression } from './consent.type.ts'

/** One of them. */
export type Suppressed = { customerId?: string | null; email?: string | null; phone?: string | null }
/** `address`: what is written to is to blame, not who. */
export type Refused = { customerId: string; channel?: Channel | null | undefined; address: boolean; reason: string }
export type SuppressionService = ReturnType<typeof createSuppressionService>

type Parts = { graph: Graph; vault: Vault; customer: Pick<CustomerService, 'indexesOf'> }
type Held = SealedContacts & { id: string }

const MAX_REASON = 500
const ALL_CHANNELS = '*'
const keyOfCustomer = (id: string) => `customer:${id}`

export function createSuppressionService({ graph, vault, customer }: Parts) {
  /** What a customer stands on the list under: the id, and each address under every PII key. */
  const keysOf = (held: Held) => [keyOfCustomer(held.id), ...heldIndexes(vault, held.id, held)]
  const addressKeys = (field: IndexedField, text: string) => customer.indexesOf(field, text)

  async function keysAgainst(customerId: string, signal: AbortSignal): Promise<string[]> {
    checkId('customerId', customerId)
    const [held] = await graph.query('customer/contacts', { ids: [customerId] }, { signal })
    if (!held) throw notFound('Customer', customerId)
    return keysOf(held)
  }

  return {
    /** Holds when it resolves. @throws BAD_USER_INPUT, or NOT_FOUND for an unknown customer. */
    async add({
      channel = null,
      reason,
      ...one
    }: Suppressed & { channel?: Channel | null; reason: string }): Promise<Suppression> {
      const given = givenOf(one)
      if (given.length !== 1)
        throw badInput(given[1]?.field ?? 'customerId', 'Exactly one of customerId, email and phone must be given.')
      const { field, text } = given[0]!
      checkText('reason', reason, MAX_REASON)
      if (field === 'customerId') checkId(field, text)
      const keys = field === 'customerId' ? [keyOfCustomer(text)] : addressKeys(field, text)
      const [key] = keys
      return graph.transaction(async (tx) => {
        // An address may be there under an older PII key.
        const there = await tx.query('consent/suppressed', { keys })
        const same = there.find(({ suppression }) => suppression.channel === channel)
        if (same) return same.suppression as Suppression
        const added = await tx.query('consent/suppress', {
          id: crypto.randomUUID(),
          entry: `${key} ${channel ?? ALL_CHANNELS}`,
          key: key!,
          of: OF[field],
          customerId: field === 'customerId' ? text : null,
          channel,
          reason,
        })
        if (!added) throw notFound('Customer', text)
        return added.suppression as Suppression
      })
    },

    /** Of customers who are known and locked: them, or the address they have for the channel if they have one. */
    async addMany(tx: Transaction, all: readonly Refused[]): Promise<void> {
      if (all.length === 0) return
      const held = await tx.query('customer/contacts', { ids: [...new Set(all.map(({ customerId }) => customerId))] })
      const byId = new Map(held.map((one) => [one.id, one]))
      const rows = all.map(({ customerId, channel = null, address, reason }) => {
        const [of, index] = address ? addressOf(byId.get(customerId), channel) : [SuppressionOf.CUSTOMER, null]
        const key = index ?? keyOfCustomer(customerId)
        const entry = `${key} ${channel ?? ALL_CHANNELS}`
        return { id: crypto.randomUUID(), entry, key, of, customerId: index ? null : customerId, channel, reason }
      })
      await tx.query('consent/suppress-many', { rows })
    },

    /** @throws NOT_FOUND */
    async remove(id: string): Promise<boolean> {
      checkId('id', id)
      if (!(await graph.query('consent/unsuppress', { id }))) throw notFound('Suppression', id)
      return true
    },

    /** The newest first; of one, all that stands against it. */
    async list(of: Suppressed, first: number, signal: AbortSignal): Promise<Suppression[]> {
      checkFirst('first', first)
      const [given, more] = givenOf(of)
      if (more) throw badInput(more.field, 'At most one of customerId, email and phone may be given.')
      if (!given) return listed(await graph.query('consent/suppressions', { first }, { signal }))
      const { field, text } = given
      const keys = field === 'customerId' ? await keysAgainst(text, signal) : addressKeys(field, text)
      return listed(await graph.query('consent/suppressed', { keys }, { signal })).slice(0, first)
    },

    /** By which channels each of these customers is not written to; null stands for all. */
    async among(customers: readonly Held[], tx: Transaction = graph): Promise<Map<string, Set<string | null>>> {
      const keysById = new Map(customers.map((held) => [held.id, keysOf(held)]))
      const closed = new Map<string, (string | null)[]>()
      for (const { key, channel } of await tx.query('consent/closed', { keys: [...keysById.values()].flat() }))
        closed.set(key, [...(closed.get(key) ?? []), channel])
      return new Map([...keysById].map(([id, keys]) => [id, new Set(keys.flatMap((key) => closed.get(key) ?? []))]))
    },
  }
}

const OF = {
  customerId: SuppressionOf.CUSTOMER,
  email: SuppressionOf.EMAIL,
  phone: SuppressionOf.PHONE,
} as const

function givenOf(of: Suppressed) {
  const fields = ['customerId', 'email', 'phone'] as const
  return fields.flatMap((field) => (of[field] == null ? [] : [{ field, text: of[field] }]))
}

const listed = (rows: { suppression: object }[]) => rows.map(({ suppression }) => suppression as Suppression)

/** What a channel writes to, under its keyed hash. */
function addressOf(held: Held | undefined, channel: Channel | null): [of: SuppressionOf, index: string | null] {
  if (channel === 'EMAIL' && held?.emailIndex) return [SuppressionOf.EMAIL, held.emailIndex]
  if (channel === 'SMS' && held?.phoneIndex) return [SuppressionOf.PHONE, held.phoneIndex]
  return [SuppressionOf.CUSTOMER, null]
}
