import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql'
import type { Context } from '../../context.ts'
import { AffinityKind } from '../../generated/enums.ts'
import { Affinity, Explanation, OfferChange, OfferFilter, OfferList } from './recommendation.type.ts'

@Resolver()
export class RecommendationResolver {
  @Query(() => OfferList, { description: 'What to offer this customer next, and why.' })
  crossSell(
    @Ctx() { services, signal }: Context,
    @Arg('customerId', () => ID) customerId: string,
    @Arg('first', () => Int, { defaultValue: 10, description: '1 to 100' }) first: number,
    @Arg('where', () => OfferFilter, { nullable: true }) where: OfferFilter | undefined,
    @Arg('model', () => ID, { nullable: true, description: 'Default: the active one.' }) model: string | undefined,
    @Arg('evidence', () => Int, { defaultValue: 3, description: 'How many to show of each offer, 0 to 50.' })
    evidence: number,
  ): Promise<OfferList> {
    return services.recommendation.crossSell({ customerId, first, where, model, evidence }, signal)
  }

  @Query(() => OfferList, { description: 'What goes with this basket, and why. `includeOwned` defaults to true here.' })
  completeBasket(
    @Ctx() { services, signal }: Context,
    @Arg('productIds', () => [ID], { description: '1 to 100' }) productIds: string[],
    @Arg('customerId', () => ID, { nullable: true }) customerId: string | undefined,
    @Arg('first', () => Int, { defaultValue: 10, description: '1 to 100' }) first: number,
    @Arg('where', () => OfferFilter, { nullable: true }) where: OfferFilter | undefined,
    @Arg('evidence', () => Int, { defaultValue: 3, description: '0 to 50' }) evidence: number,
  ): Promise<OfferList> {
    return services.recommendation.completeBasket({ productIds, customerId, first, where, evidence }, signal)
  }

  @Query(() => Explanation, { description: 'Why this product, or why not? Works for any pair.' })
  explain(
    @Ctx() { services, signal }: Context,
    @Arg('customerId', () => ID) customerId: string,
    @Arg('productId', () => ID) productId: string,
    @Arg('where', () => OfferFilter, { nullable: true }) where: OfferFilter | undefined,
    @Arg('model', () => ID, { nullable: true }) model: string | undefined,
    @Arg('evidence', () => Int, { defaultValue: 3, description: '0 to 50' }) evidence: number,
  ): Promise<Explanation> {
    return services.recommendation.explain({ customerId, productId, where, model, evidence }, signal)
  }

  @Query(() => [OfferChange], {
    description: 'What two versions of the recommender offer this customer first, where they differ; evidence in full.',
  })
  modelDiff(
    @Ctx() { services, signal }: Context,
    @Arg('from', () => ID) from: string,
    @Arg('to', () => ID) to: string,
    @Arg('customerId', () => ID) customerId: string,
  ): Promise<OfferChange[]> {
    return services.recommendation.diff({ from, to, customerId }, signal)
  }

  @Query(() => [Affinity], {
    description: 'What goes with this product, counted live over all orders. Needs no model.',
  })
  affinities(
    @Ctx() { services, signal }: Context,
    @Arg('productId', () => ID) productId: string,
    @Arg('kind', () => AffinityKind, { defaultValue: AffinityKind.BOUGHT_WITH }) kind: AffinityKind,
    @Arg('first', () => Int, { defaultValue: 10, description: '1 to 100' }) first: number,
    @Arg('minOrders', () => Int, { defaultValue: 1 }) minOrders: number,
  ): Promise<Affinity[]> {
    return services.recommendation.affinities({ productId, kind, first, minOrders }, signal)
  }
}
