import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isObjectType } from 'graphql'
import type { Role } from '../../src/auth/viewer.ts'

/** The roles of the API's contract, written out a second time: the code's own table is checked against it. */
const [S, M, A, D, I, P] = ['STOREFRONT', 'MARKETER', 'ANALYST', 'ADMIN', 'INGEST', 'PRIVACY_OFFICER'] as const

export const ORACLE: Readonly<Record<string, readonly Role[]>> = {
  me: [S, M, A, D, I, P],
  product: [S, M, A, D],
  products: [S, M, A, D],
  categories: [S, M, A, D],
  crossSell: [S, M, A, D],
  completeBasket: [S, M, A, D],
  explain: [S, M, A, D],
  affinities: [S, M, A, D],
  customer: [M, A, D, P],
  customers: [M, A, D],
  customersByContact: [P],
  orders: [M, A, D],
  campaigns: [M, A, D],
  coupons: [M, A, D],
  segments: [M, A, D],
  segmentPreview: [M, A, D],
  saveSegment: [M, D],
  capped: [M, A, D],
  consents: [M, I, P],
  suppressions: [P],
  suppress: [P],
  unsuppress: [P],
  createCampaign: [M, D],
  updateCampaign: [M, D],
  approveCampaign: [M, D],
  scheduleCampaign: [M, D],
  launchCampaign: [M, D],
  pauseCampaign: [M, D],
  completeCampaign: [M, D],
  audience: [M, A, D],
  models: [M, A, D],
  modelDiff: [M, A, D],
  decision: [M, A, D],
  replayDecision: [M, A, D],
  audienceProgress: [M, A, D],
  buildAudience: [M, D],
  campaignPerformance: [M, A, D],
  pendingDecisions: [M, D, I],
  acknowledgeDecisions: [M, D, I],
  orderRecorded: [M, A, D],
  campaignActivity: [M, A, D],
  campaignPerformanceChanged: [M, A, D],
  pulse: [M, A, D],
  modelProgress: [M, A, D],
  offersChanged: [S, M, A, D],
  customerExport: [P],
  setConsent: [I, P],
  trainModel: [A, D],
  activateModel: [D],
  rollbackModel: [D],
  recordOrders: [I, D],
  recordViews: [I, D],
  recordInteractions: [I, D],
  upsertProducts: [I, D],
  upsertCustomers: [I, D],
  revokeTokens: [D],
}
/** "A role may read a type wherever a field it may use returns it, except …" */
const EXCEPT: Readonly<Record<string, readonly Role[]>> = {
  'Product.margin': [M, A, D],
  'Campaign.webhookUrl': [M, D],
  'Customer.name': [P],
  'Customer.email': [P],
  'Customer.phone': [P],
  'Model.dataUntil': [M, A, D],
  'Model.progress': [M, A, D],
  'Model.snapshotProgress': [M, A, D],
  'Model.weights': [M, A, D],
  'Model.metrics': [M, A, D],
}

export const ROOTS = ['Query', 'Mutation', 'Subscription']

export const rolesOfRoot = (field: string): readonly Role[] | undefined => ORACLE[field.replace(/Connection$/, '')]

/** Who may read each "Type.field" there is, by the contract alone. */
export function readable(schema: GraphQLSchema): Map<string, Set<Role>> {
  const readers = new Map<string, Set<Role>>()
  const queue: { type: GraphQLObjectType; role: Role }[] = []
  const reach = (field: string, of: { type: unknown }, roles: Iterable<Role>) => {
    for (const role of roles) {
      const known = readers.get(field) ?? new Set()
      if (known.has(role)) continue
      readers.set(field, known.add(role))
      const type = getNamedType(of.type as never)
      if (isObjectType(type)) queue.push({ type, role })
    }
  }
  for (const root of ROOTS)
    for (const field of Object.values((schema.getType(root) as GraphQLObjectType).getFields()))
      reach(`${root}.${field.name}`, field, rolesOfRoot(field.name) ?? [])
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { type, role } = next
    for (const field of Object.values(type.getFields())) {
      const name = `${type.name}.${field.name}`
      if (!EXCEPT[name] || EXCEPT[name].includes(role)) reach(name, field, [role])
    }
  }
  return readers
}
