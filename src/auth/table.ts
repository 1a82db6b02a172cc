import type { Role } from './viewer.ts'

/**
 * Who may use which root field; deny by default. What a role may read below a root field follows from the schema: a type is
 * readable wherever a field the role may use returns it, but for EXCEPTIONS.
 */
const shop: readonly Role[] = ['STOREFRONT', 'MARKETER', 'ANALYST', 'ADMIN']
const campaign: readonly Role[] = ['MARKETER', 'ANALYST', 'ADMIN']
const campaigner: readonly Role[] = ['MARKETER', 'ADMIN']
const ingest: readonly Role[] = ['INGEST', 'ADMIN']
const privacy: readonly Role[] = ['PRIVACY_OFFICER']
const everyone: readonly Role[] = ['STOREFRONT', 'MARKETER', 'ANALYST', 'ADMIN', 'INGEST', 'PRIVACY_OFFICER']

export const ROOTS: readonly string[] = ['Query', 'Mutation', 'Subscription']

/** A generated read's `…Connection` goes with it. */
export const ROOT_FIELDS: Readonly<Record<string, readonly Role[]>> = {
  'Query.me': everyone,
  'Query.product': shop,
  'Query.products': shop,
  'Query.categories': shop,
  'Query.crossSell': shop,
  'Query.completeBasket': shop,
  'Query.explain': shop,
  'Query.affinities': shop,
  'Query.customer': [...campaign, 'PRIVACY_OFFICER'],
  'Query.customers': campaign,
  'Query.customersByContact': privacy,
  'Query.orders': campaign,
  'Query.campaigns': campaign,
  'Query.coupons': campaign,
  'Query.segments': campaign,
  'Query.segmentPreview': campaign,
  'Query.capped': campaign,
  'Query.consents': ['MARKETER', 'INGEST', 'PRIVACY_OFFICER'],
  'Query.suppressions': privacy,
  'Query.customerExport': privacy,
  'Query.audience': campaign,
  'Query.models': campaign,
  'Query.modelDiff': campaign,
  'Query.decision': campaign,
  'Query.replayDecision': campaign,
  'Query.audienceProgress': campaign,
  'Query.campaignPerformance': campaign,
  'Query.pendingDecisions': ['MARKETER', 'ADMIN', 'INGEST'],
  'Mutation.acknowledgeDecisions': ['MARKETER', 'ADMIN', 'INGEST'],
  'Mutation.buildAudience': ['MARKETER', 'ADMIN'],
  'Mutation.recordOrders': ingest,
  'Mutation.recordViews': ingest,
  'Mutation.recordInteractions': ingest,
  'Mutation.upsertProducts': ingest,
  'Mutation.upsertCustomers': ingest,
  'Mutation.saveSegment': ['MARKETER', 'ADMIN'],
  'Mutation.createCampaign': campaigner,
  'Mutation.updateCampaign': campaigner,
  'Mutation.approveCampaign': campaigner,
  'Mutation.scheduleCampaign': campaigner,
  'Mutation.launchCampaign': campaigner,
  'Mutation.pauseCampaign': campaigner,
  'Mutation.completeCampaign': campaigner,
  'Mutation.setConsent': ['INGEST', 'PRIVACY_OFFICER'],
  'Mutation.suppress': privacy,
  'Mutation.unsuppress': privacy,
  'Mutation.trainModel': ['ANALYST', 'ADMIN'],
  'Mutation.activateModel': ['ADMIN'],
  'Mutation.rollbackModel': ['ADMIN'],
  'Mutation.revokeTokens': ['ADMIN'],
  'Subscription.orderRecorded': campaign,
  'Subscription.campaignActivity': campaign,
  'Subscription.campaignPerformanceChanged': campaign,
  'Subscription.pulse': campaign,
  'Subscription.modelProgress': campaign,
  'Subscription.offersChanged': shop,
}

/** Fields of a readable type that not every reader of the type may see. */
export const EXCEPTIONS: Readonly<Record<string, readonly Role[]>> = {
  'Product.margin': campaign,
  'Campaign.webhookUrl': campaigner,
  'Customer.name': privacy,
  'Customer.email': privacy,
  'Customer.phone': privacy,
  'Model.dataUntil': campaign,
  'Model.progress': campaign,
  'Model.snapshotProgress': campaign,
  'Model.weights': campaign,
  'Model.metrics': campaign,
}

/** Root fields that are about many customers at once, or about one they don't name: not for a token that speaks for one customer. */
export const MANY_CUSTOMERS: ReadonlySet<string> = new Set([
  'customers',
  'customersByContact',
  'orders',
  'segmentPreview',
  'buildAudience',
  'audienceProgress',
  'audience',
  'replayDecision',
  'campaignPerformance',
  'campaignPerformanceChanged',
  'campaignActivity',
  'pulse',
  'pendingDecisions',
  'acknowledgeDecisions',
  'capped',
  'suppressions',
  'suppress',
  'unsuppress',
])
