import { createHash } from 'node:crypto'

/**
 * The data has no language, time zone, consent or contact details. This makes them up from the id alone, the same on every machine:
 * bytes of a sha256 choose; about a quarter prefers Polish, and about 70 % consent to marketing, by e-mail or more.
 */
export function syntheticAttributes(id: string) {
  const [a, b, c, d] = createHash('sha256').update(`alongside:${id}`).digest()
  const polish = a! < 64
  const consents = b! < 179
  const channels = ['EMAIL', ...(c! < 96 ? ['SMS'] : []), ...(d! < 64 ? ['PUSH'] : [])]
  return {
    id,
    language: polish ? ('pl' as const) : ('en' as const),
    timeZone: polish ? 'Europe/Warsaw' : TIME_ZONES[c! % TIME_ZONES.length]!,
    channels: consents ? channels : [],
    at: CONSENTED_AT,
  }
}
const TIME_ZONES = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles']
const CONSENTED_AT = '2017-01-01T00:00:00Z'

/** Nobody's: example.com and its like are reserved, and so is 555-0100 to 555-0199 in every area code of North America. */
export function syntheticContacts(id: string) {
  const hash = createHash('sha256').update(`alongside:contacts:${id}`).digest()
  const { first, last } = NAMES[syntheticAttributes(id).language]
  const pick = (from: readonly string[], at: number) => from[hash[at]! % from.length]!
  const names = [pick(first, 0), pick(last, 1)]
  const line = String(hash[4]! % 100).padStart(2, '0')
  return {
    name: names.join(' '),
    email: `${names.join('.').toLowerCase()}.${hash.toString('hex', 5, 9)}@${pick(DOMAINS, 2)}`,
    phone: `+1${pick(AREA_CODES, 3)}55501${line}`,
  }
}
const NAMES = {
  en: {
    first: ['Alice', 'Daniel', 'Emma', 'George', 'Hannah', 'James', 'Olivia', 'Samuel'],
    last: ['Baker', 'Cooper', 'Fisher', 'Hughes', 'Mason', 'Parker', 'Reed', 'Turner'],
  },
  pl: {
    first: ['Anna', 'Ewa', 'Jan', 'Katarzyna', 'Magdalena', 'Marek', 'Piotr', 'Tomasz'],
    last: ['Baran', 'Duda', 'Mazur', 'Nowak', 'Pawlak', 'Sikora', 'Walczak', 'Wrona'],
  },
}
const DOMAINS = ['example.com', 'example.net', 'example.org']
const AREA_CODES = ['202', '212', '213', '303', '312', '415', '512', '617']
