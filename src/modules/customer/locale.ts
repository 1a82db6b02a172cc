import { badInput } from '../../errors.ts'

/** The tag in its canonical spelling: `en-gb` is `en-GB`. @throws BAD_USER_INPUT when it is no BCP 47 tag. */
export function checkLanguage(field: string, tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0]!
  } catch {
    throw badInput(field, `${field} must be a BCP 47 tag such as pl or en-GB, not ${JSON.stringify(tag.slice(0, 50))}.`)
  }
}

/**
 * The name in IANA's spelling where Intl gives it back; a name that Intl knows as another's alias stays as it is.
 * @throws BAD_USER_INPUT when it is no IANA name; an offset (`+02:00`) is none.
 */
export function checkTimeZone(field: string, name: string): string {
  try {
    if (!/^[A-Za-z]/.test(name)) throw new RangeError('an offset')
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions()
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name
  } catch {
    const shown = JSON.stringify(name.slice(0, 50))
    throw badInput(field, `${field} must be an IANA name such as Europe/Warsaw, not ${shown}.`)
  }
}
