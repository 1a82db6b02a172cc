const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const some = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const money = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const points = new Intl.NumberFormat('en', {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
})

export const asCount = (value: number): string => whole.format(value)
export const asNumber = (value: number): string => some.format(value)
export const asAmount = (value: number): string => money.format(value)
export const asPoints = (value: number): string => points.format(value)

/** Of data that may lie years back: the day belongs to it. In UTC, as everything here is. */
export const asInstant = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`
export const asDay = (iso: string): string => iso.slice(0, 10)

/** 1 h 5 min, 12 s: the two largest units. */
export function asDuration(seconds: number): string {
  if (seconds < 60) return `${some.format(Math.max(0, seconds))} s`
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
  ]
  const at = units.findIndex(([, size]) => seconds >= size)
  const [name, size] = units[at]!
  const rest = units[at + 1]
  const count = Math.floor(seconds / size)
  const more = rest ? Math.floor((seconds % size) / rest[1]) : 0
  return `${asCount(count)} ${name}${rest && more > 0 ? ` ${more} ${rest[0]}` : ''}`
}

/** TRAINING -> training, DELIVERED -> delivered */
export const inWords = (value: string): string => value.toLowerCase().replaceAll('_', ' ')
