import type { Role } from './viewer.ts'

/**
 * Who may use which root field; deny by default. What a role may read below a root field follows from the schema: a type is
 * readable wherever a field the role may use returns it, but for EXCEPTIONS.
 */
const shop: readonly Role[] = ['STOREFRONT', 'MARKETER', 'ANALYST', 'ADMIN']
const campaign: readonly Role[] = ['MARKETER', 'ANALYST', 'ADMIN']
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
  'Query.audience': campaign,
  'Query.models': campaign,
  'Query.modelDiff': campaign,
  'Mutation.recordOrders': ingest,
  'Mutation.recordViews': ingest,
  'Mutation.recordInteractions': ingest,
  'Mutation.upsertProducts': ingest,
  'Mutation.upsertCustomers': ingest,
  'Mutation.setConsent': ['INGEST', 'PRIVACY_OFFICER'],
  'Mutation.trainModel': ['ANALYST', 'ADMIN'],
  'Mutation.activateModel': ['ADMIN'],
  'Mutation.rollbackModel': ['ADMIN'],
  'Mutation.revokeTokens': ['ADMIN'],
  'Subscription.orderRecorded': campaign,
  'Subscription.modelProgress': campaign,
  'Subscription.offersChanged': shop,
}

/** Fields of a readable type that not every reader of the type may see. */
export const EXCEPTIONS: Readonly<Record<string, readonly Role[]>> = {
  'Product.margin': campaign,
  'Customer.name': privacy,
  'Customer.email': privacy,
  'Customer.phone': privacy,
  'Model.dataUntil': campaign,
  'Model.progress': campaign,
  'Model.snapshotProgress': campaign,
  'Model.weights': campaign,
  'Model.metrics': campaign,
}

/** Root fields that show many customers at once: not for a token that speaks for one customer. */
export const MANY_CUSTOMERS: ReadonlySet<string> = new Set(['customers', 'customersByContact', 'orders', 'audience'])
