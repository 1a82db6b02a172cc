import 'reflect-metadata'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Neo4jGraphQL } from '@neo4j/graphql'
import { type DocumentNode, type GraphQLScalarType, type GraphQLSchema, Kind, parse } from 'graphql'
import { applyMiddleware } from 'graphql-middleware'
import type { Driver } from 'neo4j-driver'
import { buildTypeDefsAndResolvers } from 'type-graphql'
import { guardSubscriptions } from './auth/guard-subscriptions.ts'
import { createPermissions, rulesOf } from './auth/permissions.ts'
import { RevocationResolver } from './auth/revocation.resolver.ts'
import { ViewerResolver } from './auth/viewer.resolver.ts'
import { guardReads } from './guard-reads.ts'
import { linkResolvers } from './links.ts'
import { AudienceResolver } from './modules/audience/audience.resolver.ts'
import { Activity } from './modules/campaign/activity.type.ts'
import { CampaignResolver } from './modules/campaign/campaign.resolver.ts'
import { CampaignEdit, CampaignInput, FrequencyCap } from './modules/campaign/campaign.type.ts'
import { PerformanceResolver } from './modules/campaign/performance.resolver.ts'
import { CatalogResolver } from './modules/catalog/catalog.resolver.ts'
import { ConsentResolver } from './modules/consent/consent.resolver.ts'
import { CustomerResolver } from './modules/customer/customer.resolver.ts'
import { AudienceProgressResolver, DecisionResolver } from './modules/decision/decision.resolver.ts'
import { HandoverResolver } from './modules/decision/handover.resolver.ts'
import { ModelResolver } from './modules/model/model.resolver.ts'
import { OrderResolver } from './modules/order/order.resolver.ts'
import { PrivacyResolver } from './modules/privacy/privacy.resolver.ts'
import { Pulse } from './modules/pulse/pulse.type.ts'
import { ExplanationResolver, RecommendationResolver } from './modules/recommendation/recommendation.resolver.ts'
import { SegmentResolver } from './modules/segment/segment.resolver.ts'
import { PROJECT_ROOT } from './root.ts'

const RESOLVERS = [
  ViewerResolver,
  RevocationResolver,
  AudienceResolver,
  CampaignResolver,
  CatalogResolver,
  ConsentResolver,
  CustomerResolver,
  DecisionResolver,
  AudienceProgressResolver,
  HandoverResolver,
  ModelResolver,
  OrderResolver,
  PrivacyResolver,
  PerformanceResolver,
  RecommendationResolver,
  ExplanationResolver,
  SegmentResolver,
] as const

/** What only links.graphql and the nodes name. */
const LINKED = [Activity, Pulse, CampaignInput, CampaignEdit, FrequencyCap]

/** SDL nouns + type-graphql verbs + links, without permissions. A driver is needed to run it, not to build it. */
export async function createBareSchema(driver?: Driver): Promise<GraphQLSchema> {
  const verbs = await buildTypeDefsAndResolvers({ resolvers: RESOLVERS, orphanedTypes: LINKED, validate: false })
  // The nodes' side brings these scalars and enums; type-graphql's classes only name them.
  const { DateTime: _, ...verbResolvers } = verbs.resolvers as Record<string, object>
  const neo4jGraphQL: Neo4jGraphQL = new Neo4jGraphQL({
    typeDefs: [withoutShared(parse(verbs.typeDefs)), ...readNouns()],
    resolvers: merged(
      verbResolvers,
      linkResolvers((): GraphQLSchema => schema),
    ),
    ...(driver ? { driver } : {}),
  })
  const schema: GraphQLSchema = await neo4jGraphQL.getSchema()
  checkDatesInDocuments(schema)
  return schema
}

/** One object, type by type: given a list, @neo4j/graphql does not find the resolvers of @customResolver and warns of each. */
function merged(verbs: Record<string, object>, links: Record<string, object>): Record<string, object> {
  const shared = Object.entries(links).map(([type, fields]) => [type, { ...verbs[type], ...fields }])
  return { ...verbs, ...Object.fromEntries(shared) }
}

/** The scalar checks a date in a variable but not one written in the document, which would fail in the database. */
function checkDatesInDocuments(schema: GraphQLSchema): void {
  const dateTime = schema.getType('DateTime') as GraphQLScalarType
  dateTime.parseLiteral = (node) => dateTime.parseValue(node.kind === Kind.STRING ? node.value : null)
}

export async function createSchema(driver: Driver): Promise<GraphQLSchema> {
  const bare = guardReads(await createBareSchema(driver))
  return guardSubscriptions(applyMiddleware(bare, createPermissions(rulesOf(bare))))
}

function readNouns(): DocumentNode[] {
  const folder = path.join(PROJECT_ROOT, 'schema')
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => parse(readFileSync(path.join(folder, file), 'utf8')))
}

const nouns = () =>
  new Set(
    readNouns().flatMap(({ definitions }) =>
      definitions.flatMap((d) => (d.kind === Kind.ENUM_TYPE_DEFINITION ? [d.name.value] : [])),
    ),
  )

function withoutShared(document: DocumentNode): DocumentNode {
  const shared = nouns().add('DateTime')
  return {
    ...document,
    definitions: document.definitions.filter((d) => !('name' in d && d.name && shared.has(d.name.value))),
  }
}
