import DataLoader from 'dataloader'
import type { Context } from '../../context.ts'
import { CONTACT_FIELDS, type ContactField } from '../../pii/contacts.ts'
import type { CustomerContacts } from './customer.service.ts'

/** One a request: all customers whose contact details are asked for at one level go in one statement. */
const loaders = new WeakMap<Context, DataLoader<string, CustomerContacts>>()

function loaderOf(context: Context): DataLoader<string, CustomerContacts> {
  const { services, signal } = context
  const load = (ids: readonly string[]) => services.customer.contacts(ids, signal)
  // A subscription's context lives long: what it reads again must be read anew.
  const loader = loaders.get(context) ?? new DataLoader(load, { cache: false })
  loaders.set(context, loader)
  return loader
}

const contact = (field: ContactField) => async (customer: { id: string }, _args: unknown, context: Context) => {
  const value = (await loaderOf(context).load(customer.id))[field]
  if (value instanceof Error) throw value
  return value
}

/** The contact fields of schema/customer.graphql. */
export const contactResolvers = Object.fromEntries(CONTACT_FIELDS.map((field) => [field, contact(field)]))
