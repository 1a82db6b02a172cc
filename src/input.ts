import { badInput } from './errors.ts'

/** Checks at the edge of the services: each names the field it refuses. */

const MAX_ID = 200
const MAX_LIST = 1_000

export function checkId(field: string, id: string): void {
  if (id === '') throw badInput(field, `${field} must not be empty.`)
  if (id.length > MAX_ID) throw badInput(field, `${field} has ${id.length} characters; at most ${MAX_ID} are allowed.`)
  checkCharacters(field, id)
}

export function checkIds(field: string, ids: readonly string[]): void {
  if (ids.length > MAX_LIST)
    throw badInput(field, `${field} has ${ids.length} entries; at most ${MAX_LIST} are allowed.`)
  for (const id of ids) checkId(field, id)
}

export function checkRange(field: string, value: number, min: number, max: number): void {
  if (value < min || value > max) throw badInput(field, `${field} must be between ${min} and ${max}, not ${value}.`)
}

/** A name or a value in words. */
export function checkText(field: string, text: string, max: number): void {
  if (text.trim() === '') throw badInput(field, `${field} must not be empty.`)
  if (text.length > max) throw badInput(field, `${field} has ${text.length} characters; at most ${max} are allowed.`)
  checkCharacters(field, text)
}

export function checkDate(field: string, date: Date): void {
  if (Number.isNaN(date.getTime())) throw badInput(field, `${field} is not a date.`)
}

export const checkFirst = (field: string, value: number) => checkRange(field, value, 1, 100)

function checkCharacters(field: string, text: string): void {
  if (hasControlCharacter(text)) throw badInput(field, `${field} must not hold control characters.`)
  // Half a character comes back from the database as another one: what was written would not be found again.
  if (/\p{Surrogate}/u.test(text)) throw badInput(field, `${field} must not hold half a surrogate pair.`)
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 32 || code === 127) return true
  }
  return false
}
