import { badInput } from '../../errors.ts'
import { checkText } from '../../input.ts'
import { CONTACT_FIELDS, type ContactField, type Contacts } from '../../pii/contacts.ts'

/** Contact details at the edge. No message repeats what was sent: it is a person's, and errors end up in logs. */

const MAX_NAME = 200
const MAX_EMAIL = 254
const MAX_PHONE = 40
const LONE_SURROGATE = /\p{Surrogate}/u
const EMAIL = /^[^\s@,;<>"()]{1,64}@[^\s@.,;<>"()]+(\.[^\s@.,;<>"()]+)+$/
/** E.164. */
const PHONE = /^\+[1-9]\d{6,14}$/

const CHECKS: { [Field in ContactField]: (text: string) => string } = {
  name: (text) => text.trim().normalize('NFC'),
  email: (text) => {
    const email = text.trim().normalize('NFKC')
    if (!EMAIL.test(email)) throw badInput('email', 'email must be one address such as name@example.com.')
    return email
  },
  phone: (text) => {
    // The 0 in +44 (0)7700 is dialled within the country only.
    const phone = text.replace('(0)', '').replace(/[\s()[\]\-\u2010-\u2015]/g, '')
    if (!PHONE.test(phone)) throw badInput('phone', 'phone must be a + and 7 to 15 digits, country code first.')
    return phone
  },
}
const MAX = { name: MAX_NAME, email: MAX_EMAIL, phone: MAX_PHONE }

/** In the form it is stored: the spelling of an e-mail's case is kept, a phone number is a + and digits. @throws BAD_USER_INPUT */
export function checkedContact(field: ContactField, text: string): string {
  checkText(field, text, MAX[field])
  if (LONE_SURROGATE.test(text)) throw badInput(field, `${field} must be valid Unicode.`)
  return CHECKS[field](text)
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
