import { NO_CONTACTS, openContacts, type SealedContacts } from '../../src/pii/contacts.ts'
import { parsePiiKeys } from '../../src/pii/keys.ts'
import { createVault } from '../../src/pii/vault.ts'

/** 32 bytes of one value, in base64. */
export const piiKey = (byte: number) => Buffer.alloc(32, byte).toString('base64')
export const TEST_PII_KEY = `test:${piiKey(1)}`
/** As a service with TEST_PII_KEY has it. */
export const testVault = createVault(parsePiiKeys(TEST_PII_KEY))

/** The properties of a customer with its contact details in plain text, for sealed ones are never the same twice. */
export function opened(properties: object): object {
  if (!('contactKey' in properties)) return properties
  const held = { ...NO_CONTACTS, ...properties } as SealedContacts & { id: string }
  const { contactKey, contactName, contactEmail, contactPhone, ...rest } = held
  return { ...rest, ...openContacts(testVault, held.id, held) }
}

export const UPSERT = `mutation ($customers: [CustomerInput!]!) {
  upsertCustomers(customers: $customers) { accepted duplicates rejected { index id code message } }
}`
export const ANNA = { id: 'c1', name: 'Anna Zażółć', email: 'Anna.Z@Example.com', phone: '+447700900123' }
