import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { DomainError, type ErrorCode } from './errors.ts'
import type { Logger } from './observability/logger.ts'
import type { Metrics } from './observability/metrics.ts'

type Told = { log: Logger; metrics: Pick<Metrics, 'internalError'> }

/** Turns anything thrown into what a client may hear, and never throws. What is not meant for them is logged, not sent. */
export function formatError(error: unknown, requestId: string, { log, metrics }: Told): GraphQLFormattedError {
  const { locations, path } = error instanceof GraphQLError ? error.toJSON() : {}
  const where = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) }
  const domain = domainErrorOf(error)
  if (domain) return { message: domain.message, ...where, extensions: { code: domain.code, ...domain.details } }
  if (error instanceof GraphQLError && isAboutTheOperation(error)) {
    return { message: withoutValues(error), ...where, extensions: { code: 'BAD_USER_INPUT' satisfies ErrorCode } }
  }
  metrics.internalError()
  log.error(
    { err: error instanceof GraphQLError ? (error.originalError ?? error) : error, requestId },
    'internal error',
  )
  const extensions = { code: 'INTERNAL' satisfies ErrorCode, requestId }
  return { message: 'Something went wrong on our side.', ...where, extensions }
}

function domainErrorOf(error: unknown): DomainError | null {
  let at = error
  for (let depth = 0; depth < 10 && at instanceof Error; depth++) {
    if (at instanceof DomainError) return at
    at = at instanceof GraphQLError ? at.originalError : at.cause
  }
  return null
}

/** Syntax, validation and coercion: graphql itself found the operation or its variables wanting. */
const isAboutTheOperation = (error: GraphQLError) =>
  error.originalError === undefined || error.originalError instanceof GraphQLError

/** graphql quotes what it does not take. That may be somebody's name or address, and clients log messages. */
function withoutValues({ message, originalError }: GraphQLError): string {
  const variable = /^(Variable "\$\w+") got invalid value /.exec(message)?.[1]
  if (!variable) return unquoted(message)
  const reason = originalError?.message ?? ''
  const path = / at "([\w.[\]]+)"$/.exec(message.slice(0, -`; ${reason}`.length))?.[1]
  return `${variable} is not valid${path ? ` at "${path}"` : ''}: ${unquoted(reason)}`
}

const unquoted = (message: string) =>
  message
    .replace(/^(\w+ cannot represent [^:]*|Expected value of type "[^"]*")(: |, found )[\s\S]*/, '$1.')
    .replace(/^(Syntax Error: .*(?:String|Int|Float)) "[\s\S]*/, '$1.')
