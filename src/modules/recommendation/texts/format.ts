/** The forms of a noun after a number, by plural category: English has one and other, Polish few and many as well. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

const DIGITS = { maximumFractionDigits: 1 }

/** Numbers as a language writes them. Made once: a format is looked up for every number otherwise. */
export function createFormat(locale: string) {
  const number = new Intl.NumberFormat(locale, DIGITS)
  const factor = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', ...DIGITS })
  const precise = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 })
  // Rounded as the number is: 2.04 is written 2.
  const plural = new Intl.PluralRules(locale, DIGITS)
  return {
    number: (n: number) => number.format(n),
    /** "3 orders", with the form that the number asks for. */
    counted: (n: number, forms: Forms) => `${number.format(n)} ${forms[plural.select(n)] ?? forms.other}`,
    factor: (n: number) => factor.format(n),
    /** Of a share, 0 to 1. */
    percent: (share: number) => percent.format(share),
    precise: (n: number) => precise.format(n),
  }
}
