import DataLoader from 'dataloader'
import {
  type FieldNode,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import type { Context } from './context.ts'
import { notFound } from './errors.ts'
import type { Delivery } from './events/feed.ts'
import { startingWith } from './events/starting-with.ts'
import type { Message } from './events/topics.ts'
import { checkId } from './input.ts'
import type { AudienceMember } from './modules/audience/audience.type.ts'
import { campaignMutations, campaignResolvers } from './modules/campaign/campaign.loader.ts'
import type { CampaignPerformance } from './modules/campaign/performance.type.ts'
import { contactResolvers } from './modules/customer/customer.loader.ts'
import type { ContactQuery } from './modules/customer/customer.service.ts'
import type { Pulse } from './modules/pulse/pulse.type.ts'
import type { Offer, OfferChange } from './modules/recommendation/recommendation.type.ts'
import { segmentResolvers } from './modules/segment/segment.loader.ts'
import type { SegmentGiven } from './modules/segment/segment.service.ts'
import type { SegmentPreview } from './modules/segment/segment.type.ts'
import { offersChanged } from './modules/snapshot/offers-changed.ts'

type Node = Record<string, unknown>
const KEY = '__link_id'

/**
 * The generated reads without the rules of their root fields: a link is guarded by the field it hangs on, and a viewer may reach
 * one node through it without being allowed to list them all.
 */
export type Reads = () => GraphQLSchema

const MAX_BATCH = 100

/** One loader per request and per place in the document: the selections below it are the same for all ids of a batch. */
const loaders = new WeakMap<Context, Map<string, DataLoader<string, Node | null>>>()

/**
 * Loads the node a payload points at through the generated read `root`, whatever is selected below it; all ids asked for in
 * one tick go in one statement.
 */
function loadNode(
  reads: Reads,
  root: string,
  id: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Node | null> {
  const perContext = loaders.get(context) ?? new Map<string, DataLoader<string, Node | null>>()
  loaders.set(context, perContext)
  const place = placeOf(info)
  const loader =
    perContext.get(place) ??
    new DataLoader((ids) => readMany(reads, root, ids, context, info), {
      // A subscription's context lives long: what it reads again must be read anew.
      cache: false,
      maxBatchSize: MAX_BATCH,
    })
  perContext.set(place, loader)
  return loader.load(id)
}

/** The path without list positions: "crossSell.items.product". */
function placeOf({ path }: GraphQLResolveInfo): string {
  const names: string[] = []
  for (let at: typeof path | undefined = path; at; at = at.prev) if (typeof at.key === 'string') names.unshift(at.key)
  return names.join('.')
}

async function readMany(
  reads: Reads,
  root: string,
  ids: readonly string[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<(Node | null)[]> {
  const parentType = reads().getQueryType()!
  const { type: returnType, resolve } = parentType.getFields()[root]!
  const args = { where: { id: { in: [...new Set(ids)] } }, limit: ids.length }
  const fieldNodes = info.fieldNodes.map((node) => asRead(root, node))
  const nodes = await resolve!(null, args, context, { ...info, fieldName: root, parentType, returnType, fieldNodes })
  const byId = new Map((nodes as Node[]).map((node) => [node[KEY] as string, node]))
  return ids.map((id) => byId.get(id) ?? null)
}

const named = (value: string) => ({ kind: Kind.NAME, value }) as const

/** The field as it would stand at the root, its key selected besides. */
function asRead(root: string, { selectionSet }: FieldNode): FieldNode {
  const key: FieldNode = { kind: Kind.FIELD, name: named('id'), alias: named(KEY) }
  const selections = [...(selectionSet?.selections ?? []), key]
  return { kind: Kind.FIELD, name: named(root), selectionSet: { kind: Kind.SELECTION_SET, selections } }
}

/** The node as far as it is selected, when all of that is known already; otherwise null. */
function fromKnown(
  known: Readonly<Record<string, unknown>>,
  { fieldNodes, fragments }: GraphQLResolveInfo,
): Node | null {
  const node: Node = {}
  const take = ({ selections }: SelectionSetNode): boolean =>
    selections.every((one) => {
      if (one.kind === Kind.INLINE_FRAGMENT) return take(one.selectionSet)
      if (one.kind === Kind.FRAGMENT_SPREAD) return take(fragments[one.name.value]!.selectionSet)
      const { name, alias } = one
      if (name.value in known) node[(alias ?? name).value] = known[name.value]
      return name.value in known || name.value === '__typename'
    })
  return fieldNodes.every(({ selectionSet }) => take(selectionSet!)) ? node : null
}

type Resolve<Source, Args = unknown> = GraphQLFieldResolver<Source, Context, Args>

const product =
  <Source extends object>(
    reads: Reads,
    idOf: (source: Source) => string,
  ): Resolve<Source & { facts?: Offer['facts'] }> =>
  (source, _args, context, info) =>
    (source.facts && fromKnown(source.facts, info)) ?? loadNode(reads, 'products', idOf(source), context, info)

/** One node by its id. @throws NOT_FOUND that names it. */
const one =
  (reads: Reads, root: string, what: string): Resolve<unknown, { id: string }> =>
  async (_source, { id }, context, info) => {
    checkId('id', id)
    const node = await loadNode(reads, root, id, context, info)
    if (!node) throw notFound(what, id)
    return node
  }

/** Those of the nodes that are there. */
async function many(reads: Reads, root: string, ids: string[], context: Context, info: GraphQLResolveInfo) {
  const nodes = await Promise.all(ids.map((id) => loadNode(reads, root, id, context, info)))
  return nodes.filter((node) => node !== null)
}

const customersByContact =
  (reads: Reads): Resolve<unknown, ContactQuery> =>
  async (_source, given, context, info) => {
    const ids = await context.services.customer.idsByContact(given, context.signal)
    return many(reads, 'customers', ids, context, info)
  }

const saveSegment =
  (reads: Reads): Resolve<unknown, { input: SegmentGiven }> =>
  async (_source, { input }, context, info) =>
    loadNode(reads, 'segments', await context.services.segment.save(input), context, info)
/** The fields of schema/links.graphql, and those of nodes that the graph alone can't answer. */
export const linkResolvers = (reads: Reads) => ({
  Query: {
    product: one(reads, 'products', 'Product'),
    customer: one(reads, 'customers', 'Customer'),
    customersByContact: customersByContact(reads),
  },
  Mutation: {
    saveSegment: saveSegment(reads),
    ...campaignMutations((id, context, info) => loadNode(reads, 'campaigns', id, context, info)),
  },
  Campaign: campaignResolvers,
  CampaignPerformance: {
    campaign: (({ campaignId }, _args, context, info) =>
      loadNode(reads, 'campaigns', campaignId, context, info)) as Resolve<CampaignPerformance>,
  },
  Customer: contactResolvers,
  Segment: segmentResolvers,
  SegmentPreview: {
    sample: ((preview, _args, context, info) =>
      many(reads, 'customers', preview.sampleIds, context, info)) as Resolve<SegmentPreview>,
  },
  Offer: { product: product(reads, (offer: Offer) => offer.productId) },
  OfferChange: { product: product(reads, (change: OfferChange) => change.productId) },
  AudienceMember: {
    customer: ((member, _args, context, info) =>
      fromKnown({ id: member.customerId }, info) ??
      loadNode(reads, 'customers', member.customerId, context, info)) as Resolve<AudienceMember>,
  },
  Affinity: {
    of: product(reads, (affinity: { ofId: string }) => affinity.ofId),
    product: product(reads, (affinity: { productId: string }) => affinity.productId),
  },
  Pulse: {
    running: (({ runningIds }, _args, context, info) =>
      many(reads, 'campaigns', runningIds, context, info)) as Resolve<Pulse>,
  },
  Subscription: {
    orderRecorded: {
      subscribe: (_source: unknown, { customerId }: { customerId?: string | null }, { services }: Context) =>
        services.events.subscribe('orderRecorded', customerId ?? null),
      resolve: ((event, _args, context, info) => loadNode(reads, 'orders', event.orderId, context, info)) as Resolve<
        Message<'orderRecorded'>['payload']
      >,
    },
    offersChanged: {
      subscribe: (
        _source: unknown,
        { customerId }: { customerId: string },
        { services, signal, language }: Context,
      ) => {
        const ask = () => services.recommendation.crossSell({ customerId, first: 10, evidence: 3, language }, signal)
        return offersChanged(services.keeper, customerId, ask)
      },
      resolve: (list: unknown) => list,
    },
    campaignActivity: {
      subscribe: (
        _source: unknown,
        { campaignId, since }: { campaignId: string; since?: string | null },
        { services }: Context,
      ) => services.activity.follow(campaignId, since ?? null),
      resolve: ((delivery, _args, { services }) => services.activity.told(delivery)) as Resolve<Delivery>,
    },
    campaignPerformanceChanged: {
      subscribe: (_source: unknown, { campaignId }: { campaignId: string }, { services }: Context) =>
        services.performanceChanged(campaignId),
      resolve: ({ value }: { value: unknown }) => value,
    },
    pulse: {
      subscribe: (_source: unknown, _args: unknown, { services }: Context) => services.pulse('all'),
      resolve: ({ value }: { value: unknown }) => value,
    },
    modelProgress: {
      subscribe: async (_source: unknown, { modelId }: { modelId?: string | null }, { services, signal }: Context) => {
        if (modelId == null) return services.events.subscribe('modelChanged', null)
        checkId('modelId', modelId)
        const events = services.events.subscribe('modelChanged', modelId)
        const { id } = await services.model.get(modelId, signal).catch((error) => {
          void events.return?.()
          throw error
        })
        return startingWith({ modelId: id }, events)
      },
      resolve: (({ modelId }, _args, { services }) => services.model.get(modelId)) as Resolve<
        Message<'modelChanged'>['payload']
      >,
    },
  },
})
