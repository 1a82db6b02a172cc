import type { Driver } from 'neo4j-driver'
import { createFieldUses } from './access/field-uses.ts'
import { createIdentity } from './auth/identity.ts'
import { createRevocationService, type RevocationService } from './auth/revocation.service.ts'
import { createRevocations } from './auth/revocations.ts'
import type { TokenSettings } from './auth/viewer.ts'
import type { Config } from './config.ts'
import { createFeeds, forgetTold } from './events/feed.ts'
import { startRelay } from './events/relay.ts'
import type { Bus } from './events/topics.ts'
import type { Watch } from './events/watch.ts'
import { followModels, followOrders } from './follow.ts'
import { createDriver, createProbe, type Neo4jSettings } from './graph/driver.ts'
import { migrate } from './graph/migrate.ts'
import { createGraph, type Graph } from './graph/query.ts'
import { type KafkaConsumer, startConsumer } from './ingest/kafka/consumer.ts'
import { TOPIC_NAMES } from './ingest/kafka/messages.ts'
import { startDelivery } from './jobs/delivery.ts'
import { startJob } from './jobs/job.ts'
import { type AudienceService, createAudienceService } from './modules/audience/audience.service.ts'
import { type ActivityService, createActivityService } from './modules/campaign/activity.service.ts'
import { type CampaignService, createCampaignService } from './modules/campaign/campaign.service.ts'
import { createPerformanceService, type PerformanceService } from './modules/campaign/performance.service.ts'
import type { CampaignPerformance } from './modules/campaign/performance.type.ts'
import { watchPerformance } from './modules/campaign/performance-changed.ts'
import { type CatalogService, createCatalogService } from './modules/catalog/catalog.service.ts'
import { type ConsentService, createConsentService } from './modules/consent/consent.service.ts'
import { createSuppressionService, type SuppressionService } from './modules/consent/suppression.service.ts'
import { type CustomerService, createCustomerService } from './modules/customer/customer.service.ts'
import { createDecisionService, type DecisionService } from './modules/decision/decision.service.ts'
import { createHandoverService, type HandoverService } from './modules/decision/handover.service.ts'
import { createModelService, type ModelService } from './modules/model/model.service.ts'
import { createOrderService, type OrderService } from './modules/order/order.service.ts'
import { createPrivacyService, type PrivacyService } from './modules/privacy/privacy.service.ts'
import { watchPulse } from './modules/pulse/pulse.service.ts'
import type { Pulse } from './modules/pulse/pulse.type.ts'
import { createProposalService } from './modules/recommendation/proposal.service.ts'
import {
  createRecommendationService,
  type RecommendationService,
} from './modules/recommendation/recommendation.service.ts'
import { createTrainer } from './modules/recommendation/trainer.ts'
import { createSegmentService, type SegmentService } from './modules/segment/segment.service.ts'
import { type Keeper, startKeeper } from './modules/snapshot/keeper.ts'
import { createSnapshotService, type SnapshotService } from './modules/snapshot/snapshot.service.ts'
import { createBreaker } from './observability/breaker.ts'
import { createKafkaMetrics } from './observability/kafka.ts'
import { createLogger, type Logger } from './observability/logger.ts'
import { createMetrics, type Metrics } from './observability/metrics.ts'
import { createVault, type Vault } from './pii/vault.ts'
import { createBus } from './redis/bus.ts'
import { createLimiter } from './redis/limiter.ts'
import { connectRedis, type RedisSettings } from './redis/redis.ts'
import { createSchema } from './schema.ts'
import { piiKeys, tokenSettings, webhookSecret } from './secrets.ts'
import { type RunningServer, startServer } from './server.ts'
import { createThreads } from './threads/pool.ts'

export type Services = {
  activity: ActivityService
  audience: AudienceService
  catalog: CatalogService
  consent: ConsentService
  suppression: SuppressionService
  customer: CustomerService
  campaign: CampaignService
  decision: DecisionService
  handover: HandoverService
  performance: PerformanceService
  privacy: PrivacyService
  performanceChanged: Watch<CampaignPerformance>
  pulse: Watch<Pulse>
  order: OrderService
  recommendation: RecommendationService
  model: ModelService
  snapshot: SnapshotService
  keeper: Pick<Keeper, 'watch'>
  revocation: RevocationService
  segment: SegmentService
  events: Pick<Bus, 'subscribe'>
}

export type Backends = { neo4j: Neo4jSettings; redis: RedisSettings }
export type App = {
  url: string
  graph: Graph
  driver: Driver
  services: Services
  tokens: TokenSettings
  vault: Vault
  renewCertificate: RunningServer['renewCertificate']
  /** Not ready any more, but still serving: whoever asks for readiness sends requests elsewhere. */
  retire: RunningServer['retire']
  stop(): Promise<void>
}

/** What needs no haste: once a minute, by one of all instances. */
const TIDYING = { intervalMs: 60_000, leaseMs: 120_000 }

/** The composition root: everything there is, wired to given backends, started and stopped in order. */
export async function createApp(
  config: Config,
  backends: Backends,
  log: Logger = createLogger(config.logLevel),
): Promise<App> {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end().catch((error) => log.error({ err: error }, 'stopping'))
  }
  const warn = (what: string) => (error: unknown) => log.warn({ err: error }, what)
  try {
    const vault = createVault(piiKeys(config))
    const metrics = createMetrics()
    const driver = createDriver(backends.neo4j)
    stops.push(() => driver.close())
    const { database } = backends.neo4j
    const probe = createProbe(backends.neo4j)
    stops.push(probe.close)
    const graph = createGraph(driver, {
      database,
      observe: metrics.statement,
      retried: metrics.retry,
      breaker: watched('neo4j', log, metrics),
      refused: metrics.refusal,
      inUse: metrics.inUse,
      probe,
    })
    // A certificate that is refused is tried again like a Neo4j that is away: only the probe says why.
    await migrate(driver, graph, database).catch(async (error) => {
      await probe.check()
      throw error
    })

    const uses = createFieldUses(graph, { onError: warn('counting uses of fields') })
    stops.push(uses.stop)

    const redis = await connectRedis(backends.redis, watched('redis', log, metrics))
    stops.push(redis.stop)
    const bus = await createBus(redis)
    const relay = startRelay(graph, bus, { ready: bus.ready, onError: warn('outbox relay') })
    bus.onReady(relay.wake)
    stops.push(
      relay.stop,
      startJob(graph, {
        ...TIDYING,
        name: 'told',
        work: () => forgetTold(graph),
        onError: warn('forgetting what was told'),
      }),
    )
    const feeds = createFeeds(graph, bus, { onError: warn('feeds') })
    bus.onReady(feeds.resume)

    const threads = createThreads(backends.neo4j)
    const model = createModelService({
      graph,
      trainer: createTrainer(graph, threads.train),
      load: threads.load,
      afterCommit: relay.kick,
      onError: warn('models'),
    })
    // A training ends with its thread, and what it wrote is noted as left over.
    stops.push(model.stop, threads.stop)
    const revocations = createRevocations()
    const revocation = createRevocationService({ graph, revocations, afterCommit: relay.kick })
    stops.push(await revocation.follow(bus, warn('following revocations')))
    const snapshot = createSnapshotService({ graph })
    const recommendation = createRecommendationService({
      graph,
      models: model,
      rank: threads.rank,
      without: threads.without,
      keeps: config.snapshots,
      onStale: (customerId) => keeper.wanted(customerId),
    })
    const keeper = startKeeper({
      snapshots: snapshot,
      recommendation,
      keeps: config.snapshots,
      onError: warn('keeping offers'),
    })
    metrics.snapshots(keeper)
    stops.push(keeper.stop)
    const customer = createCustomerService({
      graph,
      vault,
      onUnreadable: (error) => log.error({ err: error }, 'contact details cannot be read'),
    })
    const suppression = createSuppressionService({ graph, vault, customer })
    const consent = createConsentService({ graph, suppression, rules: config.contactRules, changed: keeper.changed })
    const segment = createSegmentService({ graph })
    const proposals = createProposalService({ propose: threads.propose })
    const decision = createDecisionService({
      graph,
      segments: segment,
      consent,
      models: model,
      proposals,
      house: { globalHoldoutShare: config.globalHoldoutShare, cap: config.contactRules.cap ?? null },
      onProgress: (done) => log.info(done, 'an audience is being built'),
    })
    const campaign = createCampaignService({
      graph,
      decisions: decision,
      refusals: { consent, suppression },
      webhooks: { webhooks: webhookSecret(config) !== null, privateHosts: config.webhookPrivateHosts },
      approval: config.campaignApproval,
      afterCommit: relay.kick,
    })
    stops.push(startJob(graph, { name: 'campaign-clock', work: campaign.keepTime, onError: warn('campaigns’ clock') }))
    const handover = createHandoverService({ graph, consent, proposals })
    stops.push(startDelivery({ graph, handover, proposals }, config, log, warn('webhooks')))
    const performance = createPerformanceService({ graph, rules: config.attribution })
    const services: Services = {
      activity: createActivityService({ graph, feeds }),
      decision,
      handover,
      audience: createAudienceService({ graph, models: model, segments: segment, recommendation, who: threads.who }),
      model,
      snapshot,
      keeper,
      recommendation,
      consent,
      suppression,
      revocation,
      catalog: createCatalogService({ graph }),
      customer,
      campaign,
      performance,
      privacy: createPrivacyService({ graph, customer, suppression, proposals }),
      performanceChanged: watchPerformance({ performance, bus, onError: warn('watching performance') }),
      pulse: watchPulse({ graph, bus, consent, models: model, onError: warn('pulse') }),
      order: createOrderService({ graph, afterCommit: relay.kick }),
      segment,
      events: bus,
    }
    const tokens = tokenSettings(config)
    const kafka = readKafka(config, services, log, metrics)
    stops.push(async () => kafka?.stop())
    const server = await startServer({
      config,
      log,
      metrics,
      graph,
      kafka,
      tokens,
      schema: await createSchema(driver),
      context: {
        services,
        uses,
        log,
        identity: createIdentity(tokens, revocations, warn('the key server is away')),
        limiter: createLimiter(redis.run, { perMinute: config.rateLimit, burst: config.rateLimit }),
        graph,
        sessionConfig: { bookmarkManager: driver.executeQueryBookmarkManager, ...(database ? { database } : {}) },
      },
    })
    // The batches under way are finished while requests are.
    stops.push(() => Promise.all([server.stop(), kafka?.stop(), decision.stop()]))
    stops.push(
      followOrders(bus, keeper, warn('following orders')),
      followModels(bus, { models: model, keeper }, warn('following models')),
    )
    const { url, renewCertificate, retire } = server
    return { url, graph, driver, services, tokens, vault, renewCertificate, retire, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Says once when a backend goes away and once when it is back. */
function watched(backend: 'neo4j' | 'redis' | 'kafka', log: Logger, metrics: Metrics) {
  return createBreaker((away, error) => {
    metrics.up(backend, !away)
    if (away) log.warn({ err: error, backend }, 'a backend is away')
    else log.info({ backend }, 'a backend is back')
  })
}

/** Whether Kafka is there or not, the service serves. */
function readKafka({ kafka }: Config, services: Services, log: Logger, metrics: Metrics): KafkaConsumer | undefined {
  if (!kafka) return undefined
  const kafkaMetrics = createKafkaMetrics(metrics.registry)
  metrics.up('kafka', true)
  const consumer = startConsumer({
    settings: kafka,
    services,
    metrics: kafkaMetrics,
    breaker: watched('kafka', log, metrics),
    onError: (error) => log.error({ err: error }, 'a message that broke its batch'),
  })
  kafkaMetrics.lag(TOPIC_NAMES, consumer.lag)
  return consumer
}
