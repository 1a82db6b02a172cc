import type { IncomingHttpHeaders, Server } from 'node:http'
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema, parse } from 'graphql'
import type { ConnectionInitMessage } from 'graphql-ws'
import { type Extra, useServer } from 'graphql-ws/use/ws'
import { WebSocket, WebSocketServer } from 'ws'
import type { Viewer } from './auth/viewer.ts'
import { type Context, type ContextParts, createContext, viewerOf } from './context.ts'
import { DomainError } from './errors.ts'
import { formatError } from './format-error.ts'
import type { Logger } from './observability/logger.ts'
import type { Metrics } from './observability/metrics.ts'
import { refuseIntrospection } from './server.ts'

const FORBIDDEN = 4403
const TRY_AGAIN_LATER = 1013
const MAX_PAYLOAD = 1024 * 1024
const MAX_OPERATIONS = 50

type Parts = {
  http: Server
  path: string
  schema: GraphQLSchema
  context: ContextParts
  metrics: Metrics
  log: Logger
  production: boolean
  corsOrigins: readonly string[]
}
type SocketExtra = Extra &
  Record<PropertyKey, unknown> & { viewer?: Viewer | null; gone?: AbortController; stopWatching?: () => void }

/** GraphQL over WebSocket on the path of HTTP. Without a token it connects and every operation is refused; a bad one is closed with 4403. */
export function startSockets({ http, path, schema, context, metrics, log, production, corsOrigins }: Parts) {
  const wss = new WebSocketServer({
    server: http,
    path,
    maxPayload: MAX_PAYLOAD,
    verifyClient: ({ req }, answer) => answer(mayConnect(req.headers, corsOrigins), 403),
  })
  const server = useServer<ConnectionInitMessage['payload'], SocketExtra>(
    {
      schema,
      connectionInitWaitTimeout: 10_000,
      onConnect: async ({ connectionParams, extra }) => {
        extra.gone = new AbortController()
        try {
          extra.viewer = await viewerOf(authorizationOf(connectionParams), context.identity)
        } catch (error) {
          // Nobody could tell whether the token is good: worth another try.
          if ((error as DomainError).code === 'UNAVAILABLE') extra.socket.close(TRY_AGAIN_LATER, 'Try again later')
          return false
        }
        // One that has gone in the meantime is never told to onDisconnect.
        if (extra.socket.readyState !== WebSocket.OPEN) return false
        if (extra.viewer) {
          const close = (why: string) => extra.socket.close(FORBIDDEN, why)
          extra.stopWatching = context.identity.whenOver(extra.viewer, close)
        }
        metrics.sockets.inc()
        return true
      },
      onDisconnect: ({ extra }) => {
        metrics.sockets.dec()
        extra.stopWatching?.()
        extra.gone?.abort(new DomainError('UNAVAILABLE', 'The client went away.'))
      },
      // An error thrown from `context` would end the whole connection; one returned here answers the operation.
      onSubscribe: ({ extra, subscriptions }, _id, { query }) => {
        const refused = tooMany(subscriptions) ?? (production && !extra.viewer ? introspectionRefusal(query) : null)
        return refused ? [new GraphQLError(refused.message, { originalError: refused })] : undefined
      },
      // Fresh for every operation: nothing is remembered from one to the next.
      context: ({ extra }) => createContext(context, extra.viewer ?? null, extra.gone!.signal),
      // A subscription counts once it has begun.
      onOperation: (_ctx, _id, _payload, { document, operationName, contextValue }, result) => {
        const seconds = (performance.now() - (contextValue as Context).startedAt) / 1000
        const outcome = 'errors' in result && result.errors ? 'error' : 'ok'
        metrics.operation(metrics.operationLabels(document, operationName), outcome, seconds)
      },
      onError: (_ctx, _id, _payload, errors) => errors.map((error) => format(error)),
      onNext: (_ctx, _id, _payload, args, result) => {
        const { requestId } = args.contextValue as Context
        if (!result.errors) return result
        return { ...result, errors: result.errors.map((error) => format(error, requestId)) } as never
      },
    },
    wss,
  )
  const format = (error: unknown, requestId: string = crypto.randomUUID()): GraphQLFormattedError =>
    formatError(error, requestId, log)

  return { stop: async () => server.dispose() }
}

/** Browsers say which page connects, and only pages of this host or of CORS_ORIGINS may; who names none is no browser. */
function mayConnect({ origin, host }: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  return origin === undefined || allowed.includes(origin) || (URL.canParse(origin) && new URL(origin).host === host)
}

/** `operations`: all of one socket, the new one included. */
function tooMany(operations: object): DomainError | null {
  if (Object.keys(operations).length <= MAX_OPERATIONS) return null
  return new DomainError('RATE_LIMITED', `A socket may have ${MAX_OPERATIONS} operations at once.`, { retryAfter: 1 })
}

function authorizationOf(params: Readonly<Record<string, unknown>> | undefined): unknown {
  return params?.authorization ?? params?.Authorization
}

/** What does not parse is answered by the parser's own error later. */
function introspectionRefusal(query: string): DomainError | null {
  try {
    return refuseIntrospection(parse(query))
  } catch {
    return null
  }
}
