import type { Fetcher, FetcherOpts, FetcherParams } from '@graphiql/toolkit'
import { type ExecutionResult, GraphQLError, getOperationAST, parse } from 'graphql'
import { createClient } from 'graphql-ws'
import { type Answer, ENDPOINT, hasCode, post } from '../graphql.ts'
import { authorization, recheck } from '../session.ts'

const FORBIDDEN = 4403

/** The token of the session, unless the headers editor names another one; names in lower case, for the socket's sake. */
function headersOf(token: string | null, typed: FetcherOpts['headers']): Record<string, string> {
  const headers = authorization(token)
  for (const [name, value] of Object.entries(typed ?? {})) headers[name.toLowerCase()] = String(value)
  return headers
}

function resultOf(answer: Answer): ExecutionResult {
  if (hasCode(answer, 'UNAUTHENTICATED')) recheck()
  return answer as ExecutionResult
}

/** A CloseEvent, or what graphql-ws makes in its likeness. */
const isClose = (event: unknown): event is { code: number; reason: string } =>
  typeof event === 'object' && event !== null && 'code' in event && 'reason' in event

/** What graphql-ws rejects with: a list of errors, an Error, or the socket's close or error event. */
function socketFailure(error: unknown): ExecutionResult {
  if (Array.isArray(error)) return resultOf({ errors: error })
  if (isClose(error)) {
    if (error.code === FORBIDDEN) recheck()
    const message =
      error.code === FORBIDDEN
        ? 'The server closed the connection: the token is not valid, or no longer. Sign in again.'
        : `The connection was closed (${error.code}${error.reason ? `: ${error.reason}` : ''}).`
    return { errors: [new GraphQLError(message)] }
  }
  return { errors: [new GraphQLError(error instanceof Error ? error.message : 'The connection to the server failed.')] }
}

/**
 * One socket per subscription. An iterator written out, not an async generator: a generator's return() waits for the
 * event being awaited, so that Stop would not stop.
 */
function subscription(params: FetcherParams, headers: Record<string, string>): AsyncIterableIterator<ExecutionResult> {
  const client = createClient({
    url: `${location.origin.replace(/^http/, 'ws')}${ENDPOINT}`,
    connectionParams: headers,
    retryAttempts: 3,
    shouldRetry: (event) => !isClose(event) || event.code !== FORBIDDEN,
  })
  const events = client.iterate<Record<string, unknown>>({
    query: params.query,
    variables: params.variables as Record<string, unknown> | undefined,
    operationName: params.operationName,
  })
  const done = { done: true, value: undefined } as const
  let ended = false
  const end = async () => {
    ended = true
    await events.return?.()
    await client.dispose()
    return done
  }
  return {
    async next() {
      if (ended) return done
      try {
        const event = await events.next()
        if (event.done) return end()
        return { done: false, value: event.value as ExecutionResult }
      } catch (error) {
        ended = true
        return { done: false, value: socketFailure(error) }
      }
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** GraphiQL reads what is typed with a delay: run at once after a paste, it still names an operation of the text before. */
function asTyped(params: FetcherParams) {
  try {
    const document = parse(params.query)
    const named = getOperationAST(document, params.operationName)
    if (named) return { params, operation: named }
    const operation = getOperationAST(document)
    return { params: operation ? { ...params, operationName: operation.name?.value ?? null } : params, operation }
  } catch {
    // The server says what is wrong with it.
    return { params, operation: null }
  }
}

/** A new fetcher for a new token makes GraphiQL introspect again. */
export const createFetcher =
  (token: string | null): Fetcher =>
  async (given, options) => {
    const headers = headersOf(token, options?.headers)
    const { params, operation } = asTyped(given)
    if (operation?.operation === 'subscription') return subscription(params, headers)
    return resultOf(await post(params, headers))
  }
