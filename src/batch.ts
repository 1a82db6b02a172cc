import { badInput, DomainError, type ErrorCode } from './errors.ts'

/**
 * How every list that is sent in is taken: each item checked on its own, the good ones written together, the others told by their
 * place. What is accepted, a duplicate or rejected adds up to what was sent.
 */

export const MAX_ITEMS = 1_000

/** An item that was not taken: its place in the list that was sent, and why; which of its fields, where it is one. */
export type Rejection = { index: number; id: string; code: ErrorCode; message: string; field: string | null }
export type BatchResult = { accepted: number; duplicates: number; rejected: Rejection[] }
/** An item that passed its check, and its place in the list that was sent. */
export type Entry<Item> = { index: number; item: Item }

type Steps<Sent, Item> = {
  /** What is to be written of it. @throws DomainError why it can't be. */
  check(sent: Sent): Item
  /** The order of writing. Two writers that take the same locks in the same order never wait for each other in a ring. */
  compare(a: Item, b: Item): number
  /** All in one transaction; it may reject further ones. What it neither accepts nor rejects is a duplicate. */
  write(entries: Entry<Item>[]): Promise<{ accepted: number; rejected: Rejection[] }>
}

/** @throws BAD_USER_INPUT when there are more than 1,000 items: none is taken. */
export async function takeBatch<Sent extends { id: string }, Item>(
  field: string,
  sent: readonly Sent[],
  { check, compare, write }: Steps<Sent, Item>,
): Promise<BatchResult> {
  if (sent.length > MAX_ITEMS)
    throw badInput(field, `${field} has ${sent.length} entries; at most ${MAX_ITEMS} are allowed.`)
  const rejected: Rejection[] = []
  const entries: Entry<Item>[] = []
  sent.forEach((one, index) => {
    try {
      entries.push({ index, item: check(one) })
    } catch (error) {
      rejected.push(rejection(index, one.id, error))
    }
  })
  if (entries.length === 0) return { accepted: 0, duplicates: 0, rejected }

  entries.sort((a, b) => compare(a.item, b.item) || a.index - b.index)
  const written = await write(entries)
  return {
    accepted: written.accepted,
    duplicates: entries.length - written.accepted - written.rejected.length,
    rejected: [...rejected, ...written.rejected].sort((a, b) => a.index - b.index),
  }
}

/** @throws what is no DomainError: it is nothing a caller may hear about one item. */
export function rejection(index: number, id: string, error: unknown): Rejection {
  if (!(error instanceof DomainError)) throw error
  const { field } = error.details
  return { index, id, code: error.code, message: error.message, field: field === undefined ? null : String(field) }
}

export const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Each once, in the order every writer takes them. */
export const sortedIds = (ids: Iterable<string>): string[] => [...new Set(ids)].sort(compareText)
