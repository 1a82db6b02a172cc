import type { IncomingHttpHeaders, Server } from 'node:http'
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema, getOperationAST } from 'graphql'
import type { ConnectionInitMessage } from 'graphql-ws'
import { type Extra, useServer } from 'graphql-ws/use/ws'
import { WebSocket, WebSocketServer } from 'ws'
import type { Role, Viewer } from './auth/viewer.ts'
import { type Context, type ContextParts, createContext, viewerOf } from './context.ts'
import { DomainError, rateLimited } from './errors.ts'
import { formatError } from './format-error.ts'
import { languageOf } from './language.ts'
import type { Logger } from './observability/logger.ts'
import type { Metrics } from './observability/metrics.ts'
import type { Verdict } from './operations/admission.ts'
import type { Doors } from './operations/doors.ts'
import { addressOf } from './operations/http.ts'
import { asksOnlyForTheSchema } from './operations/introspection.ts'

const FORBIDDEN = 4403
const TRY_AGAIN_LATER = 1013
const MAX_PAYLOAD = 1024 * 1024
const MAX_OPERATIONS = 50

type Parts = {
  http: Server
  path: string
  schema: GraphQLSchema
  visibleTo: (role: Role) => GraphQLSchema
  context: ContextParts
  doors: Doors
  metrics: Metrics
  log: Logger
  corsOrigins: readonly string[]
}
type SocketExtra = Extra &
  Record<PropertyKey, unknown> & { viewer?: Viewer | null; gone?: AbortController; stopWatching?: () => void }

/** GraphQL over WebSocket on the path of HTTP. Without a token it connects and every operation is refused; a bad one is closed with 4403. */
export function startSockets({ http, path, schema, visibleTo, context, doors, metrics, log, corsOrigins }: Parts) {
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
      // Decided and built afresh for every operation: nothing is remembered from one to the next.
      onSubscribe: async ({ extra, subscriptions, connectionParams }, _id, payload) => {
        const { viewer = null } = extra
        const verdict = tooMany(subscriptions) ?? (await doors(payload, viewer, addressOf(extra.request)))
        if (verdict.kind === 'refused')
          return [new GraphQLError(verdict.error.message, { originalError: verdict.error })]
        if (verdict.kind === 'wrong') return verdict.errors
        const { document } = verdict.admitted
        const operation = getOperationAST(document, payload.operationName)!
        return {
          schema: viewer && asksOnlyForTheSchema(operation) ? visibleTo(viewer.role) : schema,
          document,
          operationName: payload.operationName ?? null,
          variableValues: payload.variables ?? null,
          contextValue: createContext(context, viewer, extra.gone!.signal, {
            verdict,
            language: languageOf(connectionParams?.acceptLanguage),
          }),
        }
      },
      // A subscription counts once it has begun.
      onOperation: (_ctx, _id, _payload, { document, operationName, contextValue }, result) => {
        const seconds = (performance.now() - (contextValue as Context).startedAt) / 1000
        const outcome = 'errors' in result && result.errors ? 'error' : 'ok'
        metrics.operation(metrics.operationLabels(document, operationName), outcome, seconds)
      },
      onError: (_ctx, _id, _payload, errors) => errors.map((error) => format(error)),
      onNext: (_ctx, _id, _payload, { contextValue }, result) => {
        const { requestId, verdict } = contextValue as Context
        const errors = result.errors?.map((error) => format(error, requestId))
        // What a subscription costs is not what each of its events does.
        const { operation, cost } = verdict.kind === 'admitted' ? verdict.admitted : {}
        return {
          ...result,
          ...(errors ? { errors } : {}),
          ...(cost && operation !== 'subscription' ? { extensions: { ...result.extensions, cost } } : {}),
        } as never
      },
    },
    wss,
  )
  const format = (error: unknown, requestId: string = crypto.randomUUID()): GraphQLFormattedError =>
    formatError(error, requestId, { log, metrics })

  return { stop: async () => server.dispose() }
}

/** Browsers say which page connects, and only pages of this host or of CORS_ORIGINS may; who names none is no browser. */
function mayConnect({ origin, host }: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  return origin === undefined || allowed.includes(origin) || (URL.canParse(origin) && new URL(origin).host === host)
}

/** `operations`: all of one socket, the new one included. */
function tooMany(operations: object): Verdict | null {
  if (Object.keys(operations).length <= MAX_OPERATIONS) return null
  return { kind: 'refused', error: rateLimited(`A socket may have ${MAX_OPERATIONS} operations at once.`, 1) }
}

function authorizationOf(params: Readonly<Record<string, unknown>> | undefined): unknown {
  return params?.authorization ?? params?.Authorization
}
