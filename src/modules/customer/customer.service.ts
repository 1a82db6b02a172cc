import { type BatchResult, compareText, type Entry, rejection, sortedIds, takeBatch } from '../../batch.ts'
import { badInput, DomainError } from '../../errors.ts'
import type { Graph, Params, Transaction } from '../../graph/query.ts'
import { checkDate, checkId, checkText } from '../../input.ts'
import {
  type ContactField,
  type Contacts,
  changeContacts,
  contactIndexes,
  type IndexedField,
  openContacts,
  type SealedContacts,
} from '../../pii/contacts.ts'
import { UnreadableError, type Vault } from '../../pii/vault.ts'
import { checkedContact, checkedContacts } from './contact-input.ts'
import type { CustomerInput } from './customer.type.ts'
import { checkLanguage, checkTimeZone } from './locale.ts'

export type View = { id: string; customerId: string; productId: string; at: Date }
/** Exactly one of them. */
export type ContactQuery = { email?: string | null; phone?: string | null }
/** Each in plain text, null when none is held, or what to answer where it can't be read. */
export type CustomerContacts = { [Field in ContactField]: string | null | DomainError }
export type CustomerService = ReturnType<typeof createCustomerService>

/** Attributes whose values are groups: `age:45-54`. */
const GROUPED = ['age', 'income', 'householdSize'] as const
const ATTRIBUTES = [...GROUPED, 'language', 'timeZone'] as const
const MAX_VALUE = 100

type Attributes = { [Name in (typeof ATTRIBUTES)[number]]: string | null }
type Parts = {
  graph: Graph
  vault: Vault
  /** Hears why contact details can't be read: callers are only told that they can't. */
  onUnreadable: (error: UnreadableError) => void
}

export function createCustomerService({ graph, vault, onUnreadable }: Parts) {
  const unreadable = (error: UnreadableError): DomainError => {
    onUnreadable(error)
    const message = 'The contact details of this customer cannot be read.'
    return new DomainError('UNAVAILABLE', message, {}, { cause: error })
  }

  const change: Change = (id, held, given) => {
    try {
      return changeContacts(vault, id, held, given)
    } catch (error) {
      throw error instanceof UnreadableError ? unreadable(error) : error
    }
  }
  const indexesOf = (field: IndexedField, text: string) => contactIndexes(vault, field, checkedContact(field, text))

  return {
    /** What may stand for this address in an index, the first as it is written now. @throws BAD_USER_INPUT that names the field. */
    indexesOf,

    /** Each view once, by its id, whatever comes first: the view, the customer or the product. */
    recordViews: (views: View[]): Promise<BatchResult> =>
      takeBatch('views', views, {
        check: checkedView,
        // All customers and products of a batch are taken before its views are written, products in this order.
        compare: (a, b) => compareText(a.productId, b.productId) || compareText(a.customerId, b.customerId),
        write: (entries) => graph.transaction((tx) => writeViews(tx, entries)),
      }),

    /**
     * An attribute that is left out keeps its value, null removes it. No event is noted: sending the same again finds nothing to
     * change. `boundTo`: the only customer whoever sends this speaks for.
     */
    upsert: (customers: CustomerInput[], boundTo: string | null): Promise<BatchResult> =>
      takeBatch('customers', customers, {
        check: (customer) => {
          if (boundTo !== null && customer.id !== boundTo)
            throw new DomainError('FORBIDDEN', 'This token speaks for one customer only.')
          return checkedCustomer(customer)
        },
        compare: (a, b) => compareText(a.id, b.id),
        write: (entries) => graph.transaction((tx) => writeCustomers(tx, entries, change)),
      }),

    /** The contact details of these customers, in their order. */
    contacts: async (ids: readonly string[], signal: AbortSignal): Promise<CustomerContacts[]> => {
      const rows = await graph.query('customer/contacts', { ids: sortedIds(ids) }, { signal })
      const byId = new Map(rows.map((row) => [row.id, openContacts(vault, row.id, row)]))
      const failed = new Map<string, DomainError>()
      const answer = (value: string | null | UnreadableError | undefined) => {
        if (!(value instanceof UnreadableError)) return value ?? null
        // One line a reason, not one a customer.
        const error = failed.get(value.message) ?? unreadable(value)
        failed.set(value.message, error)
        return error
      }
      return ids.map((id) => {
        const { name, email, phone } = byId.get(id) ?? {}
        return { name: answer(name), email: answer(email), phone: answer(phone) }
      })
    },

    /** Up to 100 ids, sorted. @throws BAD_USER_INPUT unless exactly one is given. */
    idsByContact: async ({ email, phone }: ContactQuery, signal: AbortSignal): Promise<string[]> => {
      if ((email == null) === (phone == null))
        throw badInput(email == null ? 'email' : 'phone', 'Exactly one of email and phone must be given.')
      const rows =
        email != null
          ? await graph.query('customer/with-email', { indexes: indexesOf('email', email) }, { signal })
          : await graph.query('customer/with-phone', { indexes: indexesOf('phone', phone!) }, { signal })
      return rows.map(({ id }) => id)
    },
  }
}

function checkedView(view: View): View {
  for (const name of ['id', 'customerId', 'productId'] as const) checkId(name, view[name])
  checkDate('at', view.at)
  return view
}

async function writeViews(tx: Transaction, entries: Entry<View>[]) {
  const byEvent = new Map<string, View>()
  for (const { item } of entries) if (!byEvent.has(`view:${item.id}`)) byEvent.set(`view:${item.id}`, item)
  const taken = await tx.query('events/take', { ids: sortedIds(byEvent.keys()) })
  const fresh = new Set(taken.map(({ id }) => id))
  const views = [...byEvent].flatMap(([eventId, view]) => (fresh.has(eventId) ? [view] : []))
  if (views.length > 0) {
    const customerIds = sortedIds(views.map(({ customerId }) => customerId))
    const productIds = sortedIds(views.map(({ productId }) => productId))
    await tx.query('customer/write-views', { customerIds, productIds, views })
  }
  return { accepted: views.length, rejected: [] }
}

type Checked = Omit<CustomerInput, ContactField> & { contacts: Contacts }

function checkedCustomer({ name, email, phone, ...customer }: CustomerInput): Checked {
  checkId('id', customer.id)
  for (const name of ATTRIBUTES) if (customer[name] != null) checkText(name, customer[name], MAX_VALUE)
  return {
    ...customer,
    ...(customer.language != null ? { language: checkLanguage('language', customer.language) } : {}),
    ...(customer.timeZone != null ? { timeZone: checkTimeZone('timeZone', customer.timeZone) } : {}),
    contacts: checkedContacts({ name, email, phone }),
  }
}

type Change = (id: string, held: SealedContacts, given: Contacts) => SealedContacts

/** `change` throws a DomainError where the contact details of a customer can't be changed: the item is rejected. */
async function writeCustomers(tx: Transaction, entries: Entry<Checked>[], change: Change) {
  const known = await tx.query('customer/lock', { ids: sortedIds(entries.map(({ item }) => item.id)) })
  const states = new Map(
    known.map((row) => {
      const held: SealedContacts = row
      return [row.id, { isNew: row.isNew, before: row as Attributes, now: row as Attributes, heldBefore: held, held }]
    }),
  )
  let accepted = 0
  const rejected: BatchResult['rejected'] = []
  for (const { index, item } of entries) {
    const state = states.get(item.id)!
    const next = { ...state.now }
    for (const name of ATTRIBUTES) if (item[name] !== undefined) next[name] = item[name]
    try {
      const held = change(item.id, state.held, item.contacts)
      if (state.isNew || held !== state.held || ATTRIBUTES.some((name) => next[name] !== state.now[name])) {
        accepted++
        states.set(item.id, { ...state, now: next, held, isNew: false })
      }
    } catch (error) {
      rejected.push(rejection(index, item.id, error))
    }
  }
  const sealed = [...states].flatMap(([id, { heldBefore, held }]) => (held === heldBefore ? [] : [{ ...held, id }]))
  if (sealed.length > 0) await tx.query('customer/write-contacts', { customers: sealed })

  const customers = [...states].flatMap(([id, { before, now }]) => {
    if (ATTRIBUTES.every((name) => before[name] === now[name])) return []
    const regrouped = GROUPED.filter((name) => before[name] !== now[name]).map((attribute) => {
      const value = now[attribute]
      return { attribute, value, groupId: value === null ? null : `${attribute}:${value}` }
    })
    return [{ ...now, id, regrouped }]
  })
  if (customers.length > 0) await tx.query('customer/write', { customers, groups: groupsOf(customers) })
  return { accepted, rejected }
}

type Regrouped = { attribute: string; value: string | null; groupId: string | null }[]

function groupsOf(customers: { regrouped: Regrouped }[]): Params<'customer/write'>['groups'] {
  const groups = new Map<string, { id: string; attribute: string; value: string }>()
  for (const { attribute, value, groupId } of customers.flatMap(({ regrouped }) => regrouped))
    if (groupId !== null && value !== null) groups.set(groupId, { id: groupId, attribute, value })
  return [...groups.values()].sort((a, b) => compareText(a.id, b.id))
}
