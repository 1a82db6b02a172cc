import { createServer, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer'
import { expressMiddleware } from '@as-integrations/express5'
import cors from 'cors'
import express, { type ErrorRequestHandler, type Request } from 'express'
import type { GraphQLSchema } from 'graphql'
import helmet from 'helmet'
import type { TokenSettings } from './auth/viewer.ts'
import { visibleSchemas } from './auth/visible.ts'
import { type Config, isLoopback } from './config.ts'
import { type Context, type ContextParts, createContext, viewerOf } from './context.ts'
import { DomainError } from './errors.ts'
import { formatError } from './format-error.ts'
import type { Graph } from './graph/query.ts'
import { healthRoutes } from './health.ts'
import type { KafkaConsumer } from './ingest/kafka/consumer.ts'
import { languageOf } from './language.ts'
import type { Logger } from './observability/logger.ts'
import type { Metrics } from './observability/metrics.ts'
import { createAdmission } from './operations/admission.ts'
import { createDoors, type Doors } from './operations/doors.ts'
import { addressOf, askedOf, operationPlugin, requestIdOf, withStatus } from './operations/http.ts'
import { introspectionPlugin } from './operations/introspection.ts'
import { readTrustedDocuments } from './operations/trusted.ts'
import { startSockets } from './sockets.ts'
import { readTls } from './tls.ts'
import { tryRoutes } from './try-roles.ts'
import { webHandler } from './web.ts'

export type ServerParts = {
  config: Config
  log: Logger
  metrics: Metrics
  graph: Graph
  schema: GraphQLSchema
  context: ContextParts
  kafka: KafkaConsumer | undefined
  tokens: TokenSettings
}
export type RunningServer = {
  url: string
  /** Takes the certificate's files as they are now, for new connections. Without TLS it does nothing. @throws when they are not usable. */
  renewCertificate(): void
  /** Readiness is false from now on; everything is still answered. */
  retire(): void
  stop(): Promise<void>
}

const BODY_LIMIT = '5mb'
const PATH = '/graphql'
/** What is under way when it stops has so long to finish. */
const GRACE_MS = 6_000
/** helmet would put it together anew for every answer. */
const NOTHING_ALLOWED = "default-src 'none';frame-ancestors 'none'"
/** What another origin may send, if it may call at all: never credentials, for there are none but the token. */
const CROSS_ORIGIN = {
  methods: ['POST'],
  allowedHeaders: ['authorization', 'content-type', 'apollo-require-preflight'],
  maxAge: 600,
}

export async function startServer({
  config,
  log,
  metrics,
  graph,
  schema,
  context,
  kafka,
  tokens,
}: ServerParts): Promise<RunningServer> {
  const app = express().disable('x-powered-by')
  const trusted = readTrustedDocuments(config.trustedDocuments, config.production)
  const admission = createAdmission({ schema, production: config.production, trusted })
  const { identity, limiter, uses } = context
  const doors = createDoors({ admission, identity, limiter, uses, refused: metrics.refusedOperation })
  const { tls } = config
  const https = tls && createTlsServer(readTls(tls), app)
  const http = https ?? createServer(app)
  if (config.production && !tls && !isLoopback(config.host))
    log.warn(`HOST ${config.host} is served as plain HTTP: set TLS_CERT and TLS_KEY, or put TLS in front of it`)
  const visibleTo = visibleSchemas(schema)
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    csrfPrevention: true,
    // Documents known beforehand are ours to look up; unknown ones are not kept for whoever sends them.
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: log,
    formatError: (_formatted, error) => formatError(error, requestIdOf(error), { log, metrics }),
    plugins: [
      ApolloServerPluginDrainHttpServer({ httpServer: http, stopGracePeriodMillis: GRACE_MS }),
      ApolloServerPluginLandingPageDisabled(),
      // It would wrap every field of every answer, to say no-store in the end.
      ApolloServerPluginCacheControlDisabled(),
      operationPlugin(metrics),
      introspectionPlugin(visibleTo),
    ],
  })
  await apollo.start()

  const state = { draining: false }
  const retire = () => {
    state.draining = true
  }
  // For all but the pages, which bring a policy of their own. Over plain HTTP browsers ignore HSTS, and a proxy has its own.
  app.use(helmet({ contentSecurityPolicy: false, strictTransportSecurity: tls !== undefined }), (_req, res, next) => {
    res.setHeader('content-security-policy', NOTHING_ALLOWED)
    next()
  })
  app.use(
    healthRoutes({ graph, metrics, state, kafka, metricsToken: config.metricsToken, examples: !config.production }),
  )
  app.use(tryRoutes(config, tokens))
  const { corsOrigins } = config
  if (corsOrigins.length > 0) app.use(PATH, cors({ origin: [...corsOrigins], ...CROSS_ORIGIN }))
  app.use(
    PATH,
    (_req, res, next) => {
      res.setHeader('cache-control', 'no-store')
      next()
    },
    express.json({ limit: BODY_LIMIT }),
    expressMiddleware(apollo, { context: ({ req, res }) => httpContext(context, doors, req, res) }),
  )
  app.use(webHandler())
  app.use((_req, res) => void res.status(404).type('text').send('There is nothing here.\n'))
  app.use(onHttpError(log))

  const sockets = startSockets({ http, path: PATH, schema, visibleTo, context, doors, metrics, log, corsOrigins })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(config.port, config.host, resolve)
  })
  const { port } = http.address() as AddressInfo
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  return {
    url: `${tls ? 'https' : 'http'}://${host}:${port}`,
    renewCertificate: () => {
      if (tls) https?.setSecureContext(readTls(tls))
    },
    retire,
    stop: async () => {
      retire()
      await sockets.stop()
      await apollo.stop()
    },
  }
}

async function httpContext(parts: ContextParts, doors: Doors, req: Request, res: ServerResponse): Promise<Context> {
  const gone = new AbortController()
  res.once('close', () => {
    if (!res.writableFinished) gone.abort(new DomainError('UNAVAILABLE', 'The client went away.'))
  })
  try {
    const viewer = await viewerOf(req.headers.authorization, parts.identity)
    const verdict = await doors(askedOf(req), viewer, addressOf(req))
    if (verdict.kind === 'refused') throw verdict.error
    if (verdict.kind === 'admitted') {
      if (verdict.admitted.operation === 'subscription')
        throw new DomainError('BAD_USER_INPUT', 'Subscriptions are for a WebSocket, on this same path.')
      // Apollo reads the text of a trusted document where it would have been sent.
      if (req.method === 'POST') Object.assign(req.body, { query: verdict.admitted.query, extensions: {} })
    }
    return createContext(parts, viewer, gone.signal, {
      verdict,
      language: languageOf(req.headers['accept-language']),
    })
  } catch (error) {
    throw error instanceof DomainError ? withStatus(error) : error
  }
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
