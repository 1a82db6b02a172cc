import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer'
import { expressMiddleware } from '@as-integrations/express5'
import express, { type ErrorRequestHandler } from 'express'
import { GraphQLError, type GraphQLSchema, Kind, visit } from 'graphql'
import helmet from 'helmet'
import type { Config } from './config.ts'
import { type Context, type ContextParts, createContext, viewerOf } from './context.ts'
import { DomainError } from './errors.ts'
import { formatError } from './format-error.ts'
import type { Graph } from './graph/query.ts'
import { healthRoutes } from './health.ts'
import type { Logger } from './observability/logger.ts'
import type { Metrics } from './observability/metrics.ts'
import type { OperationLabels } from './observability/operations.ts'
import { startSockets } from './sockets.ts'
import { webHandler } from './web.ts'

export type ServerParts = {
  config: Config
  log: Logger
  metrics: Metrics
  graph: Graph
  schema: GraphQLSchema
  context: ContextParts
}
export type RunningServer = { url: string; stop(): Promise<void> }

const BODY_LIMIT = '5mb'
const PATH = '/graphql'

export async function startServer({
  config,
  log,
  metrics,
  graph,
  schema,
  context,
}: ServerParts): Promise<RunningServer> {
  const app = express().disable('x-powered-by')
  const http = createServer(app)
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: log,
    formatError: (_formatted, error) => formatError(error, requestIdOf(error), log),
    plugins: [
      ApolloServerPluginDrainHttpServer({ httpServer: http, stopGracePeriodMillis: 8_000 }),
      ApolloServerPluginLandingPageDisabled(),
      // It would wrap every field of every answer, to say no-store in the end.
      ApolloServerPluginCacheControlDisabled(),
      operationPlugin(config.production, metrics),
    ],
  })
  await apollo.start()

  const state = { draining: false }
  app.use(helmet({ contentSecurityPolicy: false }))
  app.use(healthRoutes({ graph, metrics, state, metricsToken: config.metricsToken, examples: !config.production }))
  app.use(
    PATH,
    (_req, res, next) => {
      res.setHeader('cache-control', 'no-store')
      next()
    },
    express.json({ limit: BODY_LIMIT }),
    expressMiddleware(apollo, { context: ({ req, res }) => httpContext(context, req, res) }),
  )
  app.use(webHandler())
  app.use(onHttpError(log))

  const sockets = startSockets({ http, path: PATH, schema, context, metrics, log, production: config.production })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(config.port, config.host, resolve)
  })
  const { port } = http.address() as AddressInfo
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  return {
    url: `http://${host}:${port}`,
    stop: async () => {
      state.draining = true
      await sockets.stop()
      await apollo.stop()
    },
  }
}

async function httpContext(parts: ContextParts, req: IncomingMessage, res: ServerResponse): Promise<Context> {
  const gone = new AbortController()
  res.once('close', () => {
    if (!res.writableFinished) gone.abort(new DomainError('UNAVAILABLE', 'The client went away.'))
  })
  try {
    return createContext(parts, await viewerOf(req.headers.authorization, parts.tokens), gone.signal)
  } catch (error) {
    throw unauthenticated(error)
  }
}

/** Apollo answers 500 for what a context throws unless it is told the status. */
function unauthenticated(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, http: { status: error.code === 'UNAUTHENTICATED' ? 401 : 500 } },
  })
}

/** Introspection without a token is for development. */
export function refuseIntrospection(document: Parameters<typeof visit>[0]): DomainError | null {
  let asked = false
  visit(document, {
    [Kind.FIELD]: (node: { name: { value: string } }) => {
      asked ||= node.name.value === '__schema' || node.name.value === '__type'
    },
  })
  return asked ? new DomainError('UNAUTHENTICATED', 'Introspection needs a token.') : null
}

function operationPlugin(production: boolean, metrics: Metrics): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => {
      const started = performance.now()
      let operation: OperationLabels = { field: 'unknown', name: 'unknown' }
      return {
        didResolveOperation: async ({ contextValue, document, operationName }) => {
          operation = metrics.operationLabels(document, operationName)
          const refused = production && !contextValue.viewer ? refuseIntrospection(document) : null
          if (refused) throw new GraphQLError(refused.message, { originalError: refused })
        },
        didEncounterErrors: async ({ contextValue, errors }) => {
          for (const error of errors) error.extensions[REQUEST_ID] = contextValue.requestId
        },
        willSendResponse: async ({ errors }) => {
          metrics.operation(operation, errors ? 'error' : 'ok', (performance.now() - started) / 1000)
        },
      }
    },
  }
}

/** formatError gets no context: the operation's id travels on the error. */
const REQUEST_ID = 'requestId'
const requestIdOf = (error: unknown): string => {
  const id = error instanceof GraphQLError ? error.extensions[REQUEST_ID] : undefined
  return typeof id === 'string' ? id : crypto.randomUUID()
}

const onHttpError =
  (log: Logger): ErrorRequestHandler =>
  (error, _req, res, _next) => {
    const status = typeof error?.status === 'number' && error.status < 500 ? error.status : 500
    if (status === 500) log.error({ err: error }, 'http')
    const code = status === 500 ? 'INTERNAL' : 'BAD_USER_INPUT'
    const message =
      status === 413
        ? `The body is larger than ${BODY_LIMIT}.`
        : status === 500
          ? 'Something went wrong on our side.'
          : 'The body is not valid JSON.'
    res.status(status).json({ errors: [{ message, extensions: { code } }] })
  }
