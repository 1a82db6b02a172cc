import { type DataKey, UnreadableError, type Vault } from './vault.ts'

export const CONTACT_FIELDS = ['name', 'email', 'phone'] as const
export type ContactField = (typeof CONTACT_FIELDS)[number]
/** In the form they are checked to have: src/modules/customer/contact-input.ts. */
export type Contacts = { [Field in ContactField]?: string | null | undefined }

/** The properties of a customer that hold its contact details: ciphertext and keyed hashes. */
export type SealedContacts = {
  contactKey: string | null
  contactName: string | null
  contactEmail: string | null
  contactPhone: string | null
  emailIndex: string | null
  phoneIndex: string | null
}
export const NO_CONTACTS: SealedContacts = {
  contactKey: null,
  contactName: null,
  contactEmail: null,
  contactPhone: null,
  emailIndex: null,
  phoneIndex: null,
}
export type IndexedField = Exclude<ContactField, 'name'>

const SEALED = { name: 'contactName', email: 'contactEmail', phone: 'contactPhone' } as const
const indexed = (field: ContactField): field is IndexedField => field !== 'name'
/** E-mail addresses are found in any case. */
const forIndex = (field: IndexedField, value: string) => (field === 'email' ? value.toLowerCase() : value)

/**
 * What is held once these are written: a field left out stays, null removes it, and without any field the data key goes too. What was
 * held comes back as it is when nothing changes.
 * @throws UnreadableError when a field is given and the data key can't be unwrapped, or the field not be read.
 */
export function changeContacts(vault: Vault, owner: string, held: SealedContacts, given: Contacts): SealedContacts {
  let next = held
  let key: DataKey | undefined
  const set = (field: ContactField, sealed: string | null, index: string | null) => {
    next = { ...next, [SEALED[field]]: sealed, ...(indexed(field) ? { [`${field}Index`]: index } : {}) }
  }
  for (const field of CONTACT_FIELDS) {
    const value = given[field]
    const before = held[SEALED[field]]
    if (value === undefined || (value === null && before === null)) continue
    if (value === null) {
      set(field, null, null)
      continue
    }
    key ??= held.contactKey === null ? vault.newKey(owner) : vault.unwrap(owner, held.contactKey)
    if (before !== null && key.open(field, before) === value) continue
    set(field, key.seal(field, value), indexed(field) ? vault.index(field, forIndex(field, value)) : null)
  }
  if (next === held) return held
  const empty = CONTACT_FIELDS.every((field) => next[SEALED[field]] === null)
  return empty ? NO_CONTACTS : { ...next, contactKey: key?.wrapped ?? held.contactKey }
}

/** Each field in plain text, null when none is held, or why it can't be read. */
export type OpenedContacts = { [Field in ContactField]: string | null | UnreadableError }

export function openContacts(vault: Vault, owner: string, held: SealedContacts): OpenedContacts {
  let key: DataKey | undefined
  const open = (field: ContactField) => {
    const sealed = held[SEALED[field]]
    if (sealed === null) return null
    try {
      key ??= vault.unwrap(owner, held.contactKey ?? '')
      return key.open(field, sealed)
    } catch (error) {
      if (error instanceof UnreadableError) return error
      throw error
    }
  }
  return { name: open('name'), email: open('email'), phone: open('phone') }
}

/** The same details under the first PII key: the data key wrapped anew, what it sealed as it is. @throws UnreadableError, also where an address can't be read. */
export function rewrapContacts(vault: Vault, owner: string, held: SealedContacts): SealedContacts {
  const { email, phone } = openContacts(vault, owner, held)
  const indexOf = (field: IndexedField, value: string | null | UnreadableError) => {
    if (value instanceof UnreadableError) throw value
    return value === null ? null : vault.index(field, forIndex(field, value))
  }
  return {
    contactKey: held.contactKey === null ? null : vault.rewrap(owner, held.contactKey),
    contactName: held.contactName,
    contactEmail: held.contactEmail,
    contactPhone: held.contactPhone,
    emailIndex: indexOf('email', email),
    phoneIndex: indexOf('phone', phone),
  }
}

/** What a customer with this value may hold in its index. */
export const contactIndexes = (vault: Vault, field: IndexedField, value: string): string[] =>
  vault.indexes(field, forIndex(field, value))

/** What this customer's addresses may be looked up by: as they were written, and under every PII key where there are several. */
export function heldIndexes(vault: Vault, owner: string, held: SealedContacts): string[] {
  const stored = [held.emailIndex, held.phoneIndex].filter((index) => index !== null)
  if (vault.keys === 1 || stored.length === 0) return stored
  const { email, phone } = openContacts(vault, owner, held)
  const under = (field: IndexedField, value: string | null | UnreadableError) =>
    typeof value === 'string' ? contactIndexes(vault, field, value) : []
  return [...new Set([...stored, ...under('email', email), ...under('phone', phone)])]
}
