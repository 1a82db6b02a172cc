import { type BatchResult, compareText, type Entry, sortedIds, takeBatch } from '../../batch.ts'
import { DomainError } from '../../errors.ts'
import type { Graph, Params, Transaction } from '../../graph/query.ts'
import { checkDate, checkId, checkText } from '../../input.ts'
import type { CustomerInput } from './customer.type.ts'
import { checkLanguage, checkTimeZone } from './locale.ts'

export type View = { id: string; customerId: string; productId: string; at: Date }
export type CustomerService = ReturnType<typeof createCustomerService>

/** Attributes whose values are groups: `age:45-54`. */
const GROUPED = ['age', 'income', 'householdSize'] as const
const ATTRIBUTES = [...GROUPED, 'language', 'timeZone'] as const
const MAX_VALUE = 100

type Attributes = { [Name in (typeof ATTRIBUTES)[number]]: string | null }

export function createCustomerService({ graph }: { graph: Graph }) {
  return {
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
        write: (entries) => graph.transaction((tx) => writeCustomers(tx, entries)),
      }),
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

function checkedCustomer(customer: CustomerInput): CustomerInput {
  checkId('id', customer.id)
  for (const name of ATTRIBUTES) if (customer[name] != null) checkText(name, customer[name], MAX_VALUE)
  return {
    ...customer,
    ...(customer.language != null ? { language: checkLanguage('language', customer.language) } : {}),
    ...(customer.timeZone != null ? { timeZone: checkTimeZone('timeZone', customer.timeZone) } : {}),
  }
}

async function writeCustomers(tx: Transaction, entries: Entry<CustomerInput>[]) {
  const known = await tx.query('customer/lock', { ids: sortedIds(entries.map(({ item }) => item.id)) })
  const states = new Map(known.map((row) => [row.id, { before: row as Attributes, now: row as Attributes, ...row }]))
  let accepted = 0
  for (const { item } of entries) {
    const state = states.get(item.id)!
    const next = { ...state.now }
    for (const name of ATTRIBUTES) if (item[name] !== undefined) next[name] = item[name]
    if (state.isNew || ATTRIBUTES.some((name) => next[name] !== state.now[name])) {
      accepted++
      states.set(item.id, { ...state, now: next, isNew: false })
    }
  }

  const customers = [...states].flatMap(([id, { before, now }]) => {
    if (ATTRIBUTES.every((name) => before[name] === now[name])) return []
    const regrouped = GROUPED.filter((name) => before[name] !== now[name]).map((attribute) => {
      const value = now[attribute]
      return { attribute, value, groupId: value === null ? null : `${attribute}:${value}` }
    })
    return [{ ...now, id, regrouped }]
  })
  if (customers.length > 0) await tx.query('customer/write', { customers, groups: groupsOf(customers) })
  return { accepted, rejected: [] }
}

type Regrouped = { attribute: string; value: string | null; groupId: string | null }[]

function groupsOf(customers: { regrouped: Regrouped }[]): Params<'customer/write'>['groups'] {
  const groups = new Map<string, { id: string; attribute: string; value: string }>()
  for (const { attribute, value, groupId } of customers.flatMap(({ regrouped }) => regrouped))
    if (groupId !== null && value !== null) groups.set(groupId, { id: groupId, attribute, value })
  return [...groups.values()].sort((a, b) => compareText(a.id, b.id))
}
