import { badInput } from '../../errors.ts'
import { checkText } from '../../input.ts'
import { CONTACT_FIELDS, type ContactField, type Contacts } from '../../pii/contacts.ts'

/** Contact details at the edge. No message repeats what was sent: it is a person's, and errors end up in logs. */

const MAX = { name: 200, email: 254, phone: 40 }
const LONE_SURROGATE = /\p{Surrogate}/u
const EMAIL = /^[^\s@,;<>"()]{1,64}@[^\s@.,;<>"()]+(\.[^\s@.,;<>"()]+)+$/
/** E.164. */
const PHONE = /^\+[1-9]\d{6,14}$/

/** In the form it is stored: the spelling of an e-mail's case is kept, a phone number is a + and digits. @throws BAD_USER_INPUT */
export function checkedContact(field: ContactField, given: string): string {
  const text = given.trim().normalize(field === 'name' ? 'NFC' : 'NFKC')
  checkText(field, text, MAX[field])
  if (LONE_SURROGATE.test(text)) throw badInput(field, `${field} must be valid Unicode.`)
  if (field === 'email' && !EMAIL.test(text))
    throw badInput('email', 'email must be one address such as name@example.com.')
  if (field !== 'phone') return text
  // The 0 in +44 (0)7700 is dialled within the country only.
  const phone = text.replace('(0)', '').replace(/[\s()[\]\-\u2010-\u2015]/g, '')
  if (!PHONE.test(phone)) throw badInput('phone', 'phone must be a + and 7 to 15 digits, country code first.')
  return phone
}

/** Those that are given; null stays null. @throws BAD_USER_INPUT that names the field. */
export function checkedContacts(given: Contacts): Contacts {
  const checked: Contacts = {}
  for (const field of CONTACT_FIELDS) {
    const text = given[field]
    if (text !== undefined) checked[field] = text === null ? null : checkedContact(field, text)
  }
  return checked
}
