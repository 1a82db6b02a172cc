/** Public error codes of the API; see "Errors" in the README. */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'ERASED',
  'RATE_LIMITED',
  'OVERLOADED',
  'QUERY_TOO_COSTLY',
  'UNAVAILABLE',
  'INTERNAL',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** An error meant for the caller: its message and details are sent to them as they are. */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  constructor(
    readonly code: ErrorCode,
    message: string,
    /** Extra `extensions`, such as `field` for BAD_USER_INPUT or `retryAfter` (seconds) for RATE_LIMITED. */
    readonly details: Readonly<Record<string, string | number>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

export const badInput = (field: string, message: string) => new DomainError('BAD_USER_INPUT', message, { field })
export const notFound = (what: string, id: string, field?: string) =>
  new DomainError('NOT_FOUND', `${what} ${JSON.stringify(id)} does not exist.`, field === undefined ? {} : { field })

/** `retryAfter`: whole seconds, at least 1. */
export const rateLimited = (message: string, retryAfter: number) =>
  new DomainError('RATE_LIMITED', message, { retryAfter })

/** For the default branch of a switch over a union: the type checker proves it unreachable. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable case: ${JSON.stringify(value)}`)
}
