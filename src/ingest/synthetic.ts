import { createHash } from 'node:crypto'

/**
 * The data has no language, time zone or consent. This makes them up from the id alone, the same on every machine:
 * bytes of sha256(id) choose; about a quarter prefers Polish, and about 70 % consent to marketing, by e-mail or more.
 */
export function syntheticAttributes(id: string) {
  const [a, b, c, d] = createHash('sha256').update(`alongside:${id}`).digest()
  const polish = a! < 64
  const consents = b! < 179
  const channels = ['EMAIL', ...(c! < 96 ? ['SMS'] : []), ...(d! < 64 ? ['PUSH'] : [])]
  return {
    id,
    language: polish ? 'pl' : 'en',
    timeZone: polish ? 'Europe/Warsaw' : TIME_ZONES[c! % TIME_ZONES.length]!,
    channels: consents ? channels : [],
    at: CONSENTED_AT,
  }
}
const TIME_ZONES = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles']
const CONSENTED_AT = '2017-01-01T00:00:00Z'
