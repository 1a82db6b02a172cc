import { timingSafeEqual } from 'node:crypto'
import { Router } from 'express'
import { bearer } from './auth/viewer.ts'
import type { Graph } from './graph/query.ts'
import type { KafkaConsumer } from './ingest/kafka/consumer.ts'
import type { Metrics } from './observability/metrics.ts'

const SCRAPE_MS = 2_000

type Parts = {
  graph: Graph
  metrics: Metrics
  state: { draining: boolean }
  /** Undefined where Kafka is off. */
  kafka: Pick<KafkaConsumer, 'status'> | undefined
  metricsToken: string | undefined
  /** Ids that exist, for the explorer's examples: names a customer, so never in production. */
  examples: boolean
}

export function healthRoutes({ graph, metrics, state, kafka, metricsToken, examples }: Parts): Router {
  const routes = Router()
  routes.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' })
  })
  routes.get('/readyz', async (_req, res) => {
    const neo4j = await graph.ping().then(
      () => 'ok',
      () => 'away',
    )
    const ready = neo4j === 'ok' && !state.draining
    // A Kafka that is away is told only: whoever asks is answered all the same, and messages wait where they are.
    res
      .status(ready ? 200 : 503)
      .json({ ready, neo4j, ...(kafka ? { kafka: kafka.status } : {}), draining: state.draining })
  })
  routes.get('/metrics', async (req, res) => {
    if (!mayScrape(req.socket.remoteAddress, req.headers.authorization, metricsToken)) {
      res.status(403).type('text').send('Loopback or METRICS_TOKEN only.\n')
      return
    }
    // Whoever scrapes is not kept waiting by a Neo4j that is away.
    metrics.outbox(
      await graph.query('events/waiting', {}, { signal: AbortSignal.timeout(SCRAPE_MS) }).catch(() => null),
    )
    res.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
  if (examples) {
    routes.get('/examples.json', async (_req, res) => {
      const found = await graph.query('catalog/examples', {})
      res.json(found ?? {})
    })
  }
  return routes
}

function mayScrape(address: string | undefined, authorization: string | undefined, token: string | undefined): boolean {
  if (!token) return address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1'
  const given = Buffer.from(safeBearer(authorization))
  const wanted = Buffer.from(token)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function safeBearer(authorization: string | undefined): string {
  try {
    return bearer(authorization) ?? ''
  } catch {
    return ''
  }
}
